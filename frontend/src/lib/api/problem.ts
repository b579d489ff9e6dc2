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

const OFFLINE =
  'We could not reach Alongside. Nothing is lost. Check your connection, then try again.';
const UNKNOWN = 'Something went wrong on our side. Nothing is lost. Try again in a moment.';

/** The one error the screens know: what happened, in words for the person it happened to. */
export class Problem extends Error {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly errors: FieldError[];
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Seconds to wait before trying again, when the server says so. */
  readonly retryAfter: number | null;

  constructor(body: Body, retryAfter: number | null = null) {
    super(body.detail || body.title || UNKNOWN);
    const { type, title, status, detail: _detail, request_id, errors, ...extensions } = body;
    this.name = 'Problem';
    this.type = type ?? 'about:blank';
    this.title = title ?? 'Something went wrong';
    this.status = status ?? 0;
    this.requestId = request_id ?? null;
    this.errors = errors ?? [];
    this.extensions = extensions;
    this.retryAfter = retryAfter;
  }

  static async from(response: Response, parsed?: unknown): Promise<Problem> {
    const seconds = Number(response.headers.get('retry-after'));
    const body =
      parsed && typeof parsed === 'object'
        ? (parsed as Body)
        : { status: response.status, detail: UNKNOWN };
    return new Problem({ ...body, status: response.status }, seconds > 0 ? seconds : null);
  }

  static offline(): Problem {
    return new Problem({ type: 'offline', title: 'No connection', status: 0, detail: OFFLINE });
  }

  /** Anything thrown, as a problem: so that a screen has one thing to show. */
  static of(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    if (thrown instanceof TypeError) return Problem.offline();
    return new Problem({ type: 'unknown', title: 'Something went wrong', detail: UNKNOWN });
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
