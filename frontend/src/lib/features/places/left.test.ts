import { beforeEach, expect, it } from 'vitest';
import { Store } from '#lib/features/drafts/store.ts';
import { LeftPlaces } from './left.ts';

const left = (y: number) => ({ y, sizes: { wall: 60 } });

beforeEach(() => sessionStorage.clear());

it('knows a place again after the page was loaded anew', () => {
  new LeftPlaces(new Store(sessionStorage), 3).leave('a', left(900));
  expect(new LeftPlaces(new Store(sessionStorage), 3).find('a')).toEqual(left(900));
});

it('keeps the latest few', () => {
  const places = new LeftPlaces(new Store(sessionStorage), 3);
  for (const entry of ['a', 'b', 'c', 'a', 'd']) places.leave(entry, left(1));
  expect(['a', 'b', 'c', 'd'].filter((entry) => places.find(entry))).toEqual(['a', 'c', 'd']);
});

it.each(['', '[]', '{"a": 1}', '{"a": {"y": "1", "sizes": {}}}', '{"a": {"y": 1, "sizes": [[]]}}'])(
  'takes %j for nothing',
  (stored) => {
    sessionStorage.setItem('alongside:places', stored);
    const places = new LeftPlaces(new Store(sessionStorage), 3);
    expect(places.find('a')).toBeNull();
    places.leave('a', left(2));
    expect(places.find('a')).toEqual(left(2));
  }
);

it('is forgotten with the rest, and does without a store', () => {
  const places = new LeftPlaces(new Store(sessionStorage), 3);
  places.leave('a', left(1));
  places.forget();
  expect(places.find('a')).toBeNull();
  const without = new LeftPlaces(new Store(null), 3);
  without.leave('a', left(1));
  expect(without.find('a')).toBeNull();
});
