import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const css = readFileSync('src/lib/styles/tokens.css', 'utf8');
const values = new Map(
  [...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value])
);

function colour(name: string, theme: 0 | 1): string {
  const value = values.get(name) ?? '';
  const pair = /^light-dark\((.+),\s*(.+)\)$/.exec(value);
  const chosen = (pair ? pair[theme + 1] : value)?.trim() ?? '';
  const reference = /^var\((--[\w-]+)\)$/.exec(chosen);
  return reference?.[1] ? colour(reference[1], theme) : chosen;
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(left: string, right: string): number {
  const [light = 0, dark = 0] = [luminance(left), luminance(right)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const onPage = [
  '--ink',
  '--muted',
  '--primary',
  '--warm',
  '--help',
  '--amber',
  '--green',
  '--research'
];
const pairs = [
  ...onPage.flatMap((text) => ['--paper', '--surface'].map((ground) => [text, ground])),
  ['--ink', '--sunken'],
  ['--muted', '--sunken'],
  ['--on-primary', '--primary'],
  ['--on-help', '--help'],
  ['--on-research', '--research'],
  ...['primary', 'warm', 'help', 'amber', 'green', 'research'].flatMap((tone) => [
    [`--${tone}`, `--${tone}-soft`],
    ['--ink', `--${tone}-soft`]
  ])
] as [string, string][];

it.each(pairs)('%s on %s can be read in light and in dark', (text, ground) => {
  for (const theme of [0, 1] as const)
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
});

it('draws the border of a field so that it can be seen (3 to 1)', () => {
  for (const theme of [0, 1] as const)
    expect(contrast(colour('--muted', theme), colour('--surface', theme))).toBeGreaterThanOrEqual(
      3
    );
});
