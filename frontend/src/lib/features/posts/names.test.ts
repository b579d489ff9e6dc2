import { expect, it } from 'vitest';
import { waitingWords } from './names.ts';
import { post } from './post.fixture.ts';

it.each([
  [false, 0, 'No one has replied yet. A few words are enough.'],
  [true, 0, 'No one has replied yet. People read here at all hours, so it may take a while.'],
  [true, 1, 'No one else has replied yet. People read here at all hours, so it may take a while.']
])(
  'asks others for a few words, and tells the author the truth (%s, %i)',
  (is_me, count, words) => {
    const { author } = post('p');
    expect(waitingWords({ author: { ...author, is_me }, reply_count: count })).toBe(words);
  }
);
