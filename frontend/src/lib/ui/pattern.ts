export type Mark = {
  shape: 'hill' | 'sun' | 'leaf';
  x: number;
  y: number;
  size: number;
  tint: 0 | 1;
};
export type Pattern = { hue: number; marks: Mark[] };

/** FNV-1a: small, even, and the same in every browser. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value ^= text.charCodeAt(at);
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  return value;
}

/** A quiet landscape drawn from an id alone, so that it says nothing of a name. */
export function pattern(id: string): Pattern {
  let seed = hash(id);
  const draw = (limit: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const hue = draw(12) * 30;
  const sun: Mark = { shape: 'sun', x: 10 + draw(20), y: 9 + draw(10), size: 4 + draw(4), tint: 1 };
  const far: Mark = { shape: 'hill', x: draw(40), y: 24 + draw(6), size: 18 + draw(10), tint: 0 };
  const near: Mark = { shape: 'hill', x: draw(40), y: 32 + draw(6), size: 20 + draw(10), tint: 1 };
  const leaves = Array.from({ length: draw(3) }, (): Mark => {
    return { shape: 'leaf', x: 6 + draw(28), y: 12 + draw(14), size: 2 + draw(2), tint: 0 };
  });
  return { hue, marks: [sun, far, ...leaves, near] };
}
