import { wait } from './backoff';
import type { EventFrame, Frame, Request, Topic } from './events';
import { isAfter, later } from './position';

export type Status = 'idle' | 'connecting' | 'open' | 'waiting' | 'crowded' | 'ended';

export type Listener = {
  onEvent: (frame: EventFrame) => void;
  /**
   * Read everything anew: what happened meanwhile is too far back to be told one by one, or the
   * listener came without a position and is told from now on, or the topic is not open to it.
   */
  onRefetch: () => void;
};

/** The part of a WebSocket that is used here, so that a test can stand in for it. */
export type Socket = Pick<
  WebSocket,
  'send' | 'close' | 'onopen' | 'onmessage' | 'onclose' | 'readyState'
>;

type Options = {
  open: () => Socket;
  onStatus?: (status: Status) => void;
  /** The server ended the sign-in. */
  onEnded?: () => void;
  /** Turned away again and again, or told that rights changed: ask who is signed in, and as what. */
  onDoubt?: () => void;
};

/** `ref` is the last question that was asked on its behalf. */
type Seat = Listener & { topic: Topic; position: string | null; ref: number };

const OPEN = 1;
const HEARTBEAT_MS = 25_000;
const ANSWER_MS = 8_000;
/** Networks that swallow packets leave a socket opening for minutes. */
const OPENING_MS = 15_000;
const NUDGE_ANSWER_MS = 3_000;
const SIGNED_OUT = 4401;
const RIGHTS_CHANGED = 4403;
/** The account is open in very many windows; one more comes when another is closed. */
const CROWDED = 4430;
const CROWDED_WAIT_MS = 60_000;

/**
 * One socket for everything that is open on screen. Each listener remembers the last position it
 * was told, so after any gap it hears what it missed, in order, and nothing twice.
 */
export class Connection {
  status: Status = 'idle';
  #options: Options;
  #seats = new Set<Seat>();
  #socket: Socket | null = null;
  #attempt = 0;
  #ref = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #answer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  subscribe(topic: Topic, since: string | null, listener: Listener): () => void {
    const seat: Seat = { ...listener, topic, position: since, ref: 0 };
    this.#seats.add(seat);
    if (this.status === 'open') this.#ask(topic);
    else if (this.status === 'idle') this.#connect();
    return () => this.#leave(seat);
  }

  /** After sleep, a hidden tab or a lost network: find out now whether anyone is there. */
  nudge(): void {
    if (this.status === 'waiting' || this.status === 'crowded') this.#connect();
    else if (this.status === 'connecting') this.#expect(NUDGE_ANSWER_MS);
    else if (this.status === 'open') this.#ping(NUDGE_ANSWER_MS);
  }

  close(): void {
    this.#end('idle');
  }

  #leave(seat: Seat): void {
    if (!this.#seats.delete(seat)) return;
    const isLast = ![...this.#seats].some((other) => other.topic === seat.topic);
    if (isLast && this.status === 'open') this.#send({ do: 'unsubscribe', topics: [seat.topic] });
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#become('connecting');
    const socket = this.#options.open();
    this.#socket = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (message) => this.#hear(socket, JSON.parse(String(message.data)) as Frame);
    socket.onclose = (closed) => this.#lost(socket, closed.code);
    this.#expect(OPENING_MS);
  }

  #opened(socket: Socket): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#answer);
    this.#attempt = 0;
    this.#become('open');
    for (const topic of new Set([...this.#seats].map((seat) => seat.topic))) this.#ask(topic);
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#ping(ANSWER_MS), HEARTBEAT_MS);
  }

  /** One question a topic, from where its slowest listener stands; the others skip what they know. */
  #ask(topic: Topic): void {
    const ref = ++this.#ref;
    let since: string | null = null;
    for (const seat of this.#at([topic])) {
      seat.ref = ref;
      if (seat.position !== null && (since === null || isAfter(since, seat.position)))
        since = seat.position;
    }
    this.#send({ do: 'subscribe', topics: [topic], since, ref });
  }

  #hear(socket: Socket, frame: Frame): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#answer);
    switch (frame.type) {
      case 'welcome':
      case 'pong':
        return;
      case 'refused':
        // Not open any more, a thread that was hidden meanwhile: reading tells what is left of it.
        for (const seat of this.#at([frame.topic])) seat.onRefetch();
        return;
      case 'subscribed':
        // All up to this position has been told, unless someone sat down after the question.
        for (const seat of this.#at(frame.topics)) {
          if (seat.ref > frame.ref) continue;
          const isNew = seat.position === null;
          seat.position = later(seat.position, frame.position);
          if (isNew) seat.onRefetch();
        }
        return;
      case 'refetch':
        // Also backwards: a community restored from a backup counts on from there.
        for (const seat of this.#at(frame.topics)) {
          seat.position = frame.position;
          seat.onRefetch();
        }
        return;
      default:
        this.#deliver(frame);
    }
    if (frame.type === 'session.ended') this.#over();
  }

  #deliver(frame: EventFrame): void {
    for (const seat of this.#at(frame.topics)) {
      if (!isAfter(frame.position, seat.position)) continue;
      seat.position = frame.position;
      seat.onEvent(frame);
    }
  }

  #at(topics: string[]): Seat[] {
    return [...this.#seats].filter((seat) => topics.includes(seat.topic));
  }

  #ping(answerMs: number): void {
    this.#send({ do: 'ping' });
    this.#expect(answerMs);
  }

  #expect(answerMs: number): void {
    clearTimeout(this.#answer);
    this.#answer = setTimeout(() => this.#drop(), answerMs);
  }

  /** Nobody answered: a socket that looks open after a sleep is often dead. */
  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    this.#lost(socket, 0);
  }

  #lost(socket: Socket, code: number): void {
    if (socket !== this.#socket) return;
    const neverOpened = this.status === 'connecting';
    this.#socket = null;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#answer);
    if (code === SIGNED_OUT) return this.#over();
    if (code === CROWDED) {
      this.#become('crowded');
      this.#retry = setTimeout(() => this.#connect(), CROWDED_WAIT_MS);
      return;
    }
    this.#become('waiting');
    this.#retry = setTimeout(() => this.#connect(), wait(this.#attempt++));
    const isDoubtful = neverOpened && this.#attempt % 2 === 0;
    if (isDoubtful || code === RIGHTS_CHANGED) this.#options.onDoubt?.();
  }

  #over(): void {
    this.#end('ended');
    this.#options.onEnded?.();
  }

  #end(status: Status): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#answer);
    clearInterval(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#become(status);
  }

  #send(request: Request): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(request));
  }

  #become(status: Status): void {
    if (status === this.status) return;
    this.status = status;
    this.#options.onStatus?.(status);
  }
}
