import { beforeEach, expect, it } from 'vitest';
import { AgreementDraft } from './agreement-draft.svelte.ts';

beforeEach(() => sessionStorage.clear());

it('asks who, for what and until when', () => {
  const draft = new AgreementDraft('me', 'd');
  expect(draft.check()).toBe(false);
  expect(Object.keys(draft.errors)).toEqual(['recipient', 'aim', 'endsOn']);
  draft.words.recipient = ' The evaluation team ';
  draft.words.aim = 'To see how answers travel.';
  draft.words.endsOn = '2027-03-31';
  expect(draft.check()).toBe(true);
  expect(draft.agreement).toEqual({
    recipient: 'The evaluation team',
    aim: 'To see how answers travel.',
    ends_on: '2027-03-31'
  });
});

it('is there again after it was put away half written', () => {
  const draft = new AgreementDraft('me', 'd');
  draft.words.aim = 'To see how';
  draft.save();
  expect(new AgreementDraft('me', 'd').words.aim).toBe('To see how');
  expect(new AgreementDraft('me', 'other').words.aim).toBe('');
});
