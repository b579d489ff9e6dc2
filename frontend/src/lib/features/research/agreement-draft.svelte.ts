import { FormDraft } from '#lib/features/drafts/form-draft.svelte.ts';
import { safeSession } from '#lib/features/drafts/store.ts';
import { lengthOf } from '#lib/text/length.ts';
import type { AgreementWrite } from './shapes.ts';

const START = { recipient: '', aim: '', endsOn: '', note: '' };

type Errors = { recipient?: string; aim?: string; endsOn?: string };

/**
 * A signed data agreement being noted: who may hold rows of acts, for what, and until when; and a
 * note to whoever checks.
 */
export class AgreementDraft extends FormDraft<typeof START> {
  errors = $state.raw<Errors>({});

  constructor(owner: string, datasetId: string) {
    super(owner, `acts:${datasetId}`, START, safeSession());
  }

  check(): boolean {
    const { recipient, aim, endsOn } = this.words;
    this.errors = {
      ...(lengthOf(recipient) >= 3 ? {} : { recipient: 'Name who may hold the rows.' }),
      ...(lengthOf(aim) >= 10 ? {} : { aim: 'Say in a sentence what they are for.' }),
      ...(endsOn ? {} : { endsOn: 'Give the last day, as the agreement says it.' })
    };
    return Object.keys(this.errors).length === 0;
  }

  get agreement(): AgreementWrite {
    const { recipient, aim, endsOn } = this.words;
    return { recipient: recipient.trim(), aim: aim.trim(), ends_on: endsOn };
  }
}
