import { expect, it } from 'vitest';
import { hoursOf, targetOptions, weekOf, wrongWith } from './week.ts';

it('gives back the hours it was given, midnight at both ends', () => {
  const hours = [
    { weekday: 0, opens: 540, closes: 720 },
    { weekday: 0, opens: 765, closes: 1440 },
    { weekday: 6, opens: 0, closes: 1440 }
  ];
  const week = weekOf(hours);
  expect(week[0]).toEqual([
    { from: '09:00', to: '12:00' },
    { from: '12:45', to: '00:00' }
  ]);
  expect(week[1]).toEqual([]);
  expect(hoursOf(week)).toEqual(hours);
});

it.each([
  [[{ from: '09:00', to: '' }], 'Fill in both times'],
  [[{ from: '21:00', to: '09:00' }], 'must end after it begins'],
  [
    [
      { from: '12:00', to: '18:00' },
      { from: '09:00', to: '12:30' }
    ],
    'run into each other'
  ]
])('says what is wrong with a day', (spans, said) => {
  expect(wrongWith(spans)).toContain(said);
});

it('finds nothing wrong with times that touch, or with a whole day', () => {
  const touching = [
    { from: '09:00', to: '12:00' },
    { from: '12:00', to: '00:00' }
  ];
  expect(wrongWith(touching)).toBe(null);
  expect(wrongWith([{ from: '00:00', to: '00:00' }])).toBe(null);
});

it('offers the present target too', () => {
  const labels = targetOptions(45).map(({ label }) => label);
  expect(labels.slice(0, 4)).toEqual(['15 minutes', '30 minutes', '45 minutes', '1 hour']);
});
