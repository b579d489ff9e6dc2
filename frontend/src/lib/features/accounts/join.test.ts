import { beforeEach, expect, it } from 'vitest';
import { JoinForm } from './join.svelte.ts';
import { forgetJoining, JOINING_KEY } from './joining.ts';

beforeEach(() => sessionStorage.clear());

function filled(): JoinForm {
  const form = new JoinForm();
  Object.assign(form, {
    displayName: 'Rowan',
    email: 'rowan@example.org',
    password: 'kettle-otter-moss',
    isAdult: true,
    agreesToRules: true
  });
  return form;
}

it('starts with nothing ticked', () => {
  const form = new JoinForm();
  expect([form.isAdult, form.agreesToRules]).toEqual([false, false]);
});

it('lets a filled-in form through', () => {
  expect(filled().check()).toBe(true);
});

it.each([
  ['displayName', '  ', 'display_name'],
  ['displayName', 'rowan@example.org', 'display_name'],
  ['email', 'rowan', 'email'],
  ['password', 'short', 'password'],
  ['isAdult', false, 'is_adult'],
  ['agreesToRules', false, 'agrees_to_rules']
])('says what to do when %s is %j', (field, value, name) => {
  const form = filled();
  Object.assign(form, { [field]: value });
  expect(form.check()).toBe(false);
  expect(Object.keys(form.errors)).toEqual([name]);
});

it('keeps name and address through a reload, and the password and the ticks never', () => {
  filled().draft.save();
  expect(sessionStorage.getItem(JOINING_KEY)).not.toContain('kettle');
  const again = new JoinForm();
  expect(again.values).toEqual({
    display_name: 'Rowan',
    email: 'rowan@example.org',
    password: '',
    is_adult: false,
    agrees_to_rules: false
  });
  forgetJoining();
  expect(new JoinForm().email).toBe('');
});
