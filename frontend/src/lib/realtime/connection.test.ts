import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection, type Listener, type Socket } from './connection';
import type { Request } from './events';

class FakeSocket implements Socket {
  readyState: Socket['readyState'] = 0;
  sent: Request[] = [];
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;

  send(data: string) {
    this.sent.push(JSON.parse(data));
  }

  close() {
    this.readyState = 3;
  }

  accept() {
    this.readyState = 1;
    this.onopen?.call(this as never, new Event('open'));
  }

  say(frame: object) {
    this.onmessage?.call(
      this as never,
      new MessageEvent('message', { data: JSON.stringify(frame) })
    );
  }

  drop(code = 1006) {
    this.readyState = 3;
    this.onclose?.call(this as never, new CloseEvent('close', { code }));
  }

  get subscriptions() {
    return this.sent.filter((request) => request.do === 'subscribe');
  }
}

const published = (position: string, post = position, topics = ['wall']) => ({
  type: 'post.published',
  position,
  topics,
  post_id: post,
  thread_id: post,
  parent_id: null,
  intent: null
});

function setUp() {
  const sockets: FakeSocket[] = [];
  const ended = vi.fn();
  const doubted = vi.fn();
  const connection = new Connection({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onEnded: ended,
    onDoubt: doubted
  });
  const heard: string[] = [];
  const listener: Listener = {
    onEvent: (frame) => heard.push(frame.position),
    onRefetch: () => heard.push('refetch')
  };
  const last = () => sockets.at(-1) as FakeSocket;
  return { connection, sockets, last, heard, listener, ended, doubted };
}

describe('Connection', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('opens one socket for many topics and says where each stands', () => {
    const { connection, sockets, last, listener } = setUp();
    connection.subscribe('wall', '10-1', listener);
    connection.subscribe('thread:t', '11-4', listener);
    last().accept();
    expect(sockets).toHaveLength(1);
    expect(last().subscriptions.map((request) => [request.topics, request.since])).toEqual([
      [['wall'], '10-1'],
      [['thread:t'], '11-4']
    ]);
  });

  it('tells each event once, in order, also when the server repeats itself', () => {
    const { connection, last, heard, listener } = setUp();
    connection.subscribe('wall', '10-1', listener);
    last().accept();
    for (const position of ['10-1', '10-2', '10-2', '9-9', '11-1']) last().say(published(position));
    expect(heard).toEqual(['10-2', '11-1']);
  });

  it('resumes after a drop from the last position it heard', () => {
    const { connection, sockets, last, heard, listener } = setUp();
    connection.subscribe('wall', '10-1', listener);
    last().accept();
    last().say(published('12-7'));
    last().drop();
    expect(connection.status).toBe('waiting');
    vi.advanceTimersByTime(1_000);
    last().accept();
    expect(sockets).toHaveLength(2);
    expect(last().subscriptions[0]).toMatchObject({ topics: ['wall'], since: '12-7' });
    last().say(published('12-7'));
    last().say(published('12-8'));
    expect(heard).toEqual(['12-7', '12-8']);
  });

  it('waits longer after each failure and at once when nudged', () => {
    const { connection, sockets, last, listener } = setUp();
    connection.subscribe('wall', null, listener);
    for (let failure = 0; failure < 6; failure++) {
      last().drop();
      vi.advanceTimersByTime(30_000);
    }
    const before = sockets.length;
    last().drop();
    vi.advanceTimersByTime(5_000);
    expect(sockets).toHaveLength(before);
    connection.nudge();
    expect(sockets).toHaveLength(before + 1);
  });

  it('finds out after a sleep that the socket is dead, and opens another', () => {
    const { connection, sockets, last, listener } = setUp();
    connection.subscribe('wall', '1-1', listener);
    last().accept();
    connection.nudge();
    expect(last().sent.at(-1)).toEqual({ do: 'ping' });
    vi.advanceTimersByTime(5_000);
    expect(sockets).toHaveLength(2);
  });

  it('gives up on a socket that never opens, at once when nudged', () => {
    const { connection, sockets, last, listener } = setUp();
    connection.subscribe('wall', '1-1', listener);
    vi.advanceTimersByTime(14_000);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(3_000);
    expect(sockets).toHaveLength(2);
    connection.nudge();
    vi.advanceTimersByTime(7_000);
    expect(sockets).toHaveLength(3);
    last().accept();
    vi.advanceTimersByTime(20_000);
    expect(connection.status).toBe('open');
  });

  it('has a listener without a position read anew once it is being told', () => {
    const { connection, last, heard, listener } = setUp();
    connection.subscribe('me', null, listener);
    last().accept();
    expect(heard).toEqual([]);
    const [asked] = last().subscriptions;
    last().say({ type: 'subscribed', ref: asked?.ref, topics: ['me'], position: '4-1' });
    last().say({ ...published('4-2'), topics: ['me'] });
    expect(heard).toEqual(['refetch', '4-2']);
  });

  it('goes back with a community that was restored from a backup', () => {
    const { connection, last, heard, listener } = setUp();
    connection.subscribe('wall', '90-1', listener);
    last().accept();
    last().say({ type: 'refetch', topics: ['wall'], position: '50-1' });
    last().say(published('51-1'));
    expect(heard).toEqual(['refetch', '51-1']);
  });

  it('stays when the ping is answered', () => {
    const { connection, sockets, last, listener } = setUp();
    connection.subscribe('wall', '1-1', listener);
    last().accept();
    connection.nudge();
    last().say({ type: 'pong' });
    vi.advanceTimersByTime(5_000);
    expect(sockets).toHaveLength(1);
  });

  it('asks for everything anew when told, and goes on from there', () => {
    const { connection, last, heard, listener } = setUp();
    connection.subscribe('wall', '1-1', listener);
    last().accept();
    last().say({ type: 'refetch', topics: ['wall'], position: '50-1' });
    last().say(published('49-1'));
    last().say(published('50-2'));
    expect(heard).toEqual(['refetch', '50-2']);
  });

  it('reads anew what it may not listen to', () => {
    const { connection, last, heard, listener } = setUp();
    connection.subscribe('thread:t', '1-1', listener);
    connection.subscribe('wall', '1-1', {
      onEvent: () => undefined,
      onRefetch: () => heard.push('the wall')
    });
    last().accept();
    last().say({ type: 'refused', ref: 1, topic: 'thread:t', detail: 'Not found.' });
    expect(heard).toEqual(['refetch']);
  });

  it('lets a second listener catch up without telling the first anything twice', () => {
    const { connection, last, heard, listener } = setUp();
    connection.subscribe('wall', '5-1', listener);
    last().accept();
    last().say(published('8-1'));
    const late: string[] = [];
    connection.subscribe('wall', '6-1', {
      onEvent: (frame) => late.push(frame.position),
      onRefetch: () => undefined
    });
    expect(last().subscriptions.at(-1)?.since).toBe('6-1');
    last().say(published('7-1'));
    last().say(published('8-1'));
    last().say(published('9-1'));
    expect(heard).toEqual(['8-1', '9-1']);
    expect(late).toEqual(['7-1', '8-1', '9-1']);
  });

  it('takes the answer to a question for what has been told, but not for who came later', () => {
    const { connection, last, heard, listener } = setUp();
    connection.subscribe('wall', '5-1', listener);
    last().accept();
    const late: string[] = [];
    connection.subscribe('wall', '6-1', {
      onEvent: (frame) => late.push(frame.position),
      onRefetch: () => undefined
    });
    const [first, second] = last().subscriptions;
    last().say({ type: 'subscribed', ref: first?.ref, topics: ['wall'], position: '9-1' });
    last().say(published('7-1'));
    last().say({ type: 'subscribed', ref: second?.ref, topics: ['wall'], position: '9-1' });
    expect(heard).toEqual(['7-1']);
    expect(late).toEqual(['7-1']);
    last().drop();
    vi.advanceTimersByTime(1_000);
    last().accept();
    expect(last().subscriptions[0]?.since).toBe('9-1');
  });

  it('hears nothing of a topic that was left', () => {
    const { connection, last, heard, listener } = setUp();
    const leave = connection.subscribe('wall', '5-1', listener);
    last().accept();
    leave();
    expect(last().sent.at(-1)).toEqual({ do: 'unsubscribe', topics: ['wall'] });
    last().say(published('8-1'));
    expect(heard).toEqual([]);
  });

  it('stops for good when the sign-in ends', () => {
    const { connection, sockets, last, listener, ended } = setUp();
    connection.subscribe('me', '5-1', listener);
    last().accept();
    last().say({ type: 'session.ended', topics: ['me'], position: '6-1' });
    vi.advanceTimersByTime(60_000);
    expect(ended).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(1);
    expect(connection.status).toBe('ended');
  });

  it('waits a minute when the account is open in very many windows, and says so', () => {
    const { connection, sockets, last, listener, doubted } = setUp();
    connection.subscribe('wall', null, listener);
    last().accept();
    last().drop(4430);
    expect(connection.status).toBe('crowded');
    vi.advanceTimersByTime(59_000);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(sockets).toHaveLength(2);
    last().accept();
    expect(connection.status).toBe('open');
    expect(doubted).not.toHaveBeenCalled();
  });

  it('asks whether the sign-in still stands when turned away twice', () => {
    const { connection, last, listener, doubted } = setUp();
    connection.subscribe('wall', null, listener);
    last().drop();
    vi.advanceTimersByTime(30_000);
    last().drop();
    expect(doubted).toHaveBeenCalledOnce();
  });
});
