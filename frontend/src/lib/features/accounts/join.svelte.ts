import { FormDraft } from '#lib/features/drafts/form-draft.svelte.ts';
import { safeSession } from '#lib/features/drafts/store.ts';
import { JOINING } from './joining.ts';

type Name = 'display_name' | 'email' | 'password' | 'is_adult' | 'agrees_to_rules';

const SHORTEST_PASSWORD = 10;

/** What someone fills in to join. Nothing is ticked for them. */
export class JoinForm {
  /** Name and address as they are typed, kept through a reload of this tab; never the password. */
  readonly draft = new FormDraft(
    JOINING.owner,
    JOINING.place,
    { displayName: '', email: '' },
    safeSession()
  );
  password = $state('');
  isAdult = $state(false);
  agreesToRules = $state(false);
  errors = $state<Partial<Record<Name, string>>>({});

  get displayName(): string {
    return this.draft.words.displayName;
  }

  set displayName(typed: string) {
    this.draft.words.displayName = typed;
  }

  get email(): string {
    return this.draft.words.email;
  }

  set email(typed: string) {
    this.draft.words.email = typed;
  }

  get values() {
    return {
      display_name: this.displayName.trim(),
      email: this.email.trim(),
      password: this.password,
      is_adult: this.isAdult,
      agrees_to_rules: this.agreesToRules
    };
  }

  /** What can be seen here without asking the server, each in a sentence that says what to do. */
  check(): boolean {
    const { display_name, email, password, is_adult, agrees_to_rules } = this.values;
    const errors: Partial<Record<Name, string>> = {};
    if (!display_name) errors.display_name = 'Choose your name on Alongside.';
    else if (display_name.includes('@'))
      errors.display_name = 'Choose a name that is not your e-mail address: everyone sees it.';
    if (!/^\S+@\S+\.\S+$/.test(email)) errors.email = 'Write an address such as name@example.org.';
    if ([...password].length < SHORTEST_PASSWORD)
      errors.password = `Make it at least ${SHORTEST_PASSWORD} characters.`;
    if (!is_adult) errors.is_adult = 'Alongside is for people of 18 or over. Tick this if you are.';
    if (!agrees_to_rules) errors.agrees_to_rules = 'Please read the house rules, then tick this.';
    this.errors = errors;
    return Object.keys(errors).length === 0;
  }
}
