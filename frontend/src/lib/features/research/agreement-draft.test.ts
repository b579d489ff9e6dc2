import { expect, it } from 'vitest';
import { AgreementDraft } from './agreement-draft.svelte.ts';

it('asks who, for what and until when', () => {
  const draft = new AgreementDraft();
  expect(draft.check()).toBe(false);
  expect(Object.keys(draft.errors)).toEqual(['recipient', 'aim', 'endsOn']);
  draft.recipient = ' The evaluation team ';
  draft.aim = 'To see how answers travel.';
  draft.endsOn = '2027-03-31';
  expect(draft.check()).toBe(true);
  expect(draft.written).toEqual({
    recipient: 'The evaluation team',
    aim: 'To see how answers travel.',
    ends_on: '2027-03-31'
  });
});
