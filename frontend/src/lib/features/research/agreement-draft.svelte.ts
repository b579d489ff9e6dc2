import { lengthOf } from '#lib/text/length.ts';
import type { AgreementWrite } from './shapes.ts';

type Errors = { recipient?: string; aim?: string; endsOn?: string };

/** A signed data agreement being noted: who may hold rows of acts, for what, and until when. */
export class AgreementDraft {
  recipient = $state('');
  aim = $state('');
  endsOn = $state('');
  errors = $state.raw<Errors>({});

  check(): boolean {
    this.errors = {
      ...(lengthOf(this.recipient) >= 3 ? {} : { recipient: 'Name who may hold the rows.' }),
      ...(lengthOf(this.aim) >= 10 ? {} : { aim: 'Say in a sentence what they are for.' }),
      ...(this.endsOn ? {} : { endsOn: 'Give the last day, as the agreement says it.' })
    };
    return Object.keys(this.errors).length === 0;
  }

  get written(): AgreementWrite {
    return { recipient: this.recipient.trim(), aim: this.aim.trim(), ends_on: this.endsOn };
  }
}
