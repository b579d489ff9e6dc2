import { describe, expect, it } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import type { Attendance } from './shapes.ts';
import { Ticks, type Attendee } from './ticks.svelte.ts';

const rowan: Attendee = { member_id: 'rowan', code: null };
const guest: Attendee = { member_id: null, code: 'C-7K3QF-2X' };

class Memory {
  held = new Map<string, string>();
  getItem = (name: string) => this.held.get(name) ?? null;
  setItem = (name: string, value: string) => void this.held.set(name, value);
  removeItem = (name: string) => void this.held.delete(name);
}

function setUp() {
  const server = {
    isThere: true,
    problem: null as Problem | null,
    here: new Map<string, boolean>()
  };
  const store = new Memory() as unknown as Storage;
  const send = async (who: Attendee, isHere: boolean) => {
    if (!server.isThere) throw new TypeError('Failed to fetch');
    if (server.problem) throw server.problem;
    server.here.set(who.member_id ?? who.code!, isHere);
  };
  const open = () => new Ticks('me', 'meeting', send, store);
  return { server, open };
}

describe('ticks', () => {
  it('are sent at once', async () => {
    const { server, open } = setUp();
    const ticks = open();
    await ticks.set(rowan, true);
    await ticks.set(guest, true);
    await ticks.set(rowan, false);
    expect([...server.here]).toEqual([
      ['rowan', false],
      ['C-7K3QF-2X', true]
    ]);
    expect(ticks.waiting).toEqual([]);
  });

  it('wait on the phone while there is no network, through a reload, and are sent after', async () => {
    const { server, open } = setUp();
    server.isThere = false;
    const ticks = open();
    await ticks.set(rowan, true);
    await ticks.set(guest, true);
    expect(ticks.wish(rowan)).toBe(true);

    const later = open();
    expect(later.waiting).toHaveLength(2);
    await later.flushToServer();
    expect(later.waiting).toHaveLength(2);

    server.isThere = true;
    await later.flushToServer();
    expect(server.here.size).toBe(2);
    expect(open().waiting).toEqual([]);
  });

  it('keep the list beside them while they wait, and no longer', async () => {
    const { server, open } = setUp();
    const list = { meeting_id: 'meeting', people: [] } as unknown as Attendance;
    server.isThere = false;
    const ticks = open();
    ticks.list = list;
    await ticks.set(rowan, true);
    expect(open().list).toEqual(list);
    server.isThere = true;
    await ticks.flushToServer();
    expect(open().list).toBeNull();
  });

  it('hold the last wish for each person', async () => {
    const { server, open } = setUp();
    server.isThere = false;
    const ticks = open();
    await ticks.set(rowan, true);
    await ticks.set(rowan, false);
    expect(ticks.waiting).toHaveLength(1);
    server.isThere = true;
    await ticks.flushToServer();
    expect([...server.here]).toEqual([['rowan', false]]);
  });

  it('that are refused go, and it is said why', async () => {
    const { server, open } = setUp();
    server.problem = new Problem({ type: 'attendance-not-open', status: 409, title: 'Too late' });
    const ticks = open();
    await ticks.set(rowan, true);
    expect(ticks.waiting).toEqual([]);
    expect(ticks.refused?.problem.title).toBe('Too late');
    server.problem = null;
    await ticks.set(rowan, true);
    expect(ticks.refused).toBeNull();
  });

  it.each([401, 429, 503])('stay when the server answers %i', async (status) => {
    const { server, open } = setUp();
    server.problem = new Problem({ status });
    const ticks = open();
    await ticks.set(rowan, true);
    expect(ticks.waiting).toHaveLength(1);
    expect(ticks.refused).toBeNull();
  });

  it('of another shape in the store count as nothing', () => {
    const { open } = setUp();
    const ticks = open();
    ticks.save();
    expect(ticks.waiting).toEqual([]);
  });
});
