import { expect, it } from 'vitest';
import { EVERYTHING, filterFrom, isEverything, logHref, toQuery } from './log-filter.ts';

const SAM = '01a21bcd-c3b4-7b36-9d8d-b2ade32714e0';
const from = (search: string) => filterFrom(new URLSearchParams(search));

it('stands whole in the address, and comes back from it', () => {
  const only = { by: SAM, act: 'decided', from: '2026-11-01', to: '2026-11-27', case: '' } as const;
  const href = logHref(only);
  expect(href).toBe(`/moderation/log?by=${SAM}&act=decided&from=2026-11-01&to=2026-11-27`);
  expect(from(href.split('?')[1]!)).toEqual(only);
  expect(toQuery(only)).toEqual({
    actor_id: SAM,
    act: 'decided',
    since: '2026-11-01',
    until: '2026-11-27',
    case_id: null
  });
});

it('leaves out what means nothing', () => {
  expect(from('by=sam&act=eaten&from=yesterday&case=..%2F..')).toEqual(EVERYTHING);
  expect(isEverything(from(''))).toBe(true);
  expect(isEverything(from(`case=${SAM}`))).toBe(false);
  expect(logHref(EVERYTHING)).toBe('/moderation/log');
});
