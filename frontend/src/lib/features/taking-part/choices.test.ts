import { describe, expect, it } from 'vitest';
import { Choices, isOfEarlierSheet, without } from './choices.svelte.ts';
import type { ConsentState } from './shapes.ts';

const standing = (purpose: ConsentState['purpose'], in_force: boolean): ConsentState => ({
  purpose,
  in_force,
  since: null,
  until: null,
  sheet_version: in_force ? 1 : null
});

describe('choosing what to agree to', () => {
  it('ticks nothing for anyone', () => {
    expect(new Choices().purposes).toEqual({
      activity: false,
      questionnaires: false,
      text: false,
      contact: false
    });
    expect(new Choices().demographics).toEqual({
      age_band: null,
      area: null,
      peer_support_before: null
    });
  });

  it('asks for at least one, and says how to say no', () => {
    const choices = new Choices();
    expect(choices.check()).toBe(false);
    expect(choices.error).toMatch(/No thanks/);
    choices.toggle('contact', true);
    expect(choices.error).toBeNull();
    expect(choices.check()).toBe(true);
  });

  it('says to whoever agreed to an earlier sheet that they can leave it', () => {
    const choices = new Choices();
    expect(choices.check(true)).toBe(false);
    expect(choices.error).toMatch(/what you agreed to stands/);
  });

  it('knows a yes to an earlier sheet, and not a no', () => {
    const consents = [standing('activity', true), standing('text', false)];
    expect(isOfEarlierSheet(consents, 1)).toBe(false);
    expect(isOfEarlierSheet(consents, 2)).toBe(true);
    expect(isOfEarlierSheet([standing('text', false)], 2)).toBe(false);
  });

  it('takes one thing back and leaves the rest', () => {
    const consents = [standing('activity', true), standing('text', true)];
    expect(without(consents, 'text')).toEqual({
      activity: true,
      questionnaires: false,
      text: false,
      contact: false
    });
  });

  it('takes every tick back when the sheet has changed, and keeps answers about oneself', () => {
    const choices = new Choices();
    choices.toggle('activity', true);
    choices.area = 'wales';
    choices.startAnew();
    expect(choices.isAnything).toBe(false);
    expect(choices.area).toBe('wales');
  });

  it('shows what stands to whoever takes part, and sees a change', () => {
    const consents = [standing('activity', true), standing('text', false)];
    const choices = new Choices();
    choices.standing(consents);
    expect(choices.purposes.activity).toBe(true);
    expect(choices.differsFrom(consents)).toBe(false);
    choices.toggle('text', true);
    expect(choices.differsFrom(consents)).toBe(true);
  });
});
