/** Every choice is one that is seen at the size of a thumbnail, so two patterns differ by look. */
export type Pattern = {
  /** Hues in degrees: of the ground, and of the figure on it. */
  ground: number;
  figureHue: number;
  /** A pale ground with dark marks, or a deep one with pale marks. */
  isDeep: boolean;
  figure: string;
  /** In eighths of a circle. */
  turn: number;
  mark: string;
  /** Where the marks stand, in eighths of a circle: one, two or three beside each other. */
  places: number[];
  hasRim: boolean;
};

/** Off the middle all of them, so that each of eight turns is another picture. */
const FIGURES = {
  hills: 'M-4 44V27q12-13 24-4t24-3v24z',
  slope: 'M-4 44V12L44 30v14z',
  ring: 'M20 2a12 12 0 1 1 0 24a12 12 0 1 1 0-24zm0 6.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z',
  moon: 'M26 5a15.5 15.5 0 1 0 9 23a14 14 0 0 1-9-23z',
  drop: 'M20 2c15 13 13 30 0 30s-15-17 0-30z',
  sprout: 'M20 30c-16-2-19-14-17-22c10 0 19 8 17 22zm0 0c16-2 19-14 17-22c-10 0-19 8-17 22z',
  arch: 'M7 44V21a13 13 0 0 1 26 0v23h-7.5V22a5.5 5.5 0 0 0-11 0v22z',
  waves:
    'M-8 19q7-7 14 0t14 0t14 0t14 0v7q-7 7-14 0t-14 0t-14 0t-14 0zm0 14q7-7 14 0t14 0t14 0t14 0v12h-56z',
  kite: 'M20 1l12 12l-12 21l-12-21z',
  fan: 'M3 37V7a30 30 0 0 1 30 30z',
  bars: 'M5 44V25h7.5v19zm11.25 0V8h7.5v36zm11.25 0V18h7.5v26z',
  star: 'M20-1c2 11 6 15 15 17c-9 2-13 6-15 17c-2-11-6-15-15-17c9-2 13-6 15-17z'
};

const MARKS = {
  dot: 'M20 3.5a4 4 0 1 1 0 8a4 4 0 1 1 0-8z',
  square: 'M16.75 4.25h6.5v6.5h-6.5z',
  stroke: 'M18.75 2h2.5v10.5h-2.5z',
  tip: 'M20 3.5l4.25 7.5h-8.5z'
};

/** FNV-1a: small, and the same in every browser. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/** Mulberry32: one changed bit of the seed changes every draw. */
function drawn(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** A calm picture drawn from an id alone, so that it says nothing of a name. */
export function pattern(id: string): Pattern {
  const draw = drawn(hash(id));
  const ground = draw(10) * 36;
  const first = draw(8);
  return {
    ground,
    figureHue: (ground + 72 + draw(7) * 36) % 360,
    isDeep: draw(2) === 1,
    figure: Object.values(FIGURES)[draw(12)] ?? FIGURES.hills,
    turn: draw(8),
    mark: Object.values(MARKS)[draw(4)] ?? MARKS.dot,
    places: Array.from({ length: 1 + draw(3) }, (_, at) => (first + at) % 8),
    hasRim: draw(2) === 1
  };
}
