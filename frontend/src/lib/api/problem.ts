export type FieldError = { pointer: string; detail: string };

type Body = {
  type?: string;
  title?: string;
  status?: number;
  detail?: string | null;
  request_id?: string;
  errors?: FieldError[];
  [extension: string]: unknown;
};

const OFFLINE = {
  title: "We can't reach Alongside",
  detail: 'Nothing is lost. Check your connection, then try again.'
};
const UNKNOWN = {
  title: 'Something went wrong on our side',
  detail: 'Nothing is lost. Try again in a moment.'
};

/**
 * The one error the screens know, in words for the person it happened to: its title says what
 * happened, its detail that nothing is lost and what to do. The message is both, in this order.
 */
export class Problem extends Error {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly errors: FieldError[];
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Seconds to wait before trying again, when the server says so. */
  readonly retryAfter: number | null;

  constructor(body: Body, retryAfter: number | null = null) {
    const { type, title, status, detail, request_id, errors, ...extensions } = body;
    const happened = title || UNKNOWN.title;
    const next = detail || UNKNOWN.detail;
    super(`${ended(happened)} ${next}`);
    this.name = 'Problem';
    this.type = type ?? 'about:blank';
    this.title = happened;
    this.detail = next;
    this.status = status ?? 0;
    this.requestId = request_id ?? null;
    this.errors = errors ?? [];
    this.extensions = extensions;
    this.retryAfter = retryAfter;
  }

  static async from(response: Response, parsed?: unknown): Promise<Problem> {
    const seconds = Number(response.headers.get('retry-after'));
    const body =
      parsed && typeof parsed === 'object' ? (parsed as Body) : { status: response.status };
    return new Problem({ ...body, status: response.status }, seconds > 0 ? seconds : null);
  }

  static offline(): Problem {
    return new Problem({ type: 'offline', status: 0, ...OFFLINE });
  }

  /** Anything thrown, as a problem: so that a screen has one thing to show. */
  static of(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    if (thrown instanceof TypeError) return Problem.offline();
    return new Problem({ type: 'unknown' });
  }

  /** Types may be plain names or addresses that end in one. */
  is(name: string): boolean {
    return this.type === name || this.type.split(/[/:#]/).at(-1) === name;
  }

  get isOffline(): boolean {
    return this.type === 'offline';
  }

  /** No answer, or none to rely on: what was sent may have been done all the same. */
  get isUncertain(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }

  /** What is wrong with one field, found by the last part of its pointer. */
  field(name: string): string | null {
    const found = this.errors.find((error) => error.pointer.split('/').at(-1) === name);
    return found?.detail ?? null;
  }
}

/** A title as a sentence of its own. */
function ended(title: string): string {
  return /[.?…]$/.test(title) ? title : `${title}.`;
}
