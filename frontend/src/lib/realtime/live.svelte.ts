import { createContext } from 'svelte';
import { Connection, type Status } from './connection';
import type { EventFrame, EventMap, EventType, Topic } from './events';

type Handlers = { [Type in EventType]?: (frame: EventFrame<Type>) => void };

function address(): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/api/v1/live`;
}

/** The live connection of one signed-in person, from sign-in to sign-out. */
export class Live {
  status = $state<Status>('idle');
  #connection: Connection;

  constructor(options: { onEnded: () => void; onDoubt: () => void }) {
    this.#connection = new Connection({
      ...options,
      open: () => new WebSocket(address()),
      onStatus: (status) => (this.status = status)
    });
  }

  /** Listen to the world: sleep, tabs and networks come and go. Returns how to stop. */
  start(): () => void {
    const nudge = () => {
      if (document.visibilityState === 'visible') this.#connection.nudge();
    };
    document.addEventListener('visibilitychange', nudge);
    addEventListener('online', nudge);
    addEventListener('pageshow', nudge);
    return () => {
      document.removeEventListener('visibilitychange', nudge);
      removeEventListener('online', nudge);
      removeEventListener('pageshow', nudge);
      this.#connection.close();
    };
  }

  on(topic: Topic, since: string | null, handlers: Handlers, onRefetch: () => void): () => void {
    return this.#connection.subscribe(topic, since, {
      onEvent: (frame) =>
        (handlers[frame.type] as ((frame: EventFrame) => void) | undefined)?.(frame),
      onRefetch
    });
  }
}

export type { EventMap, Handlers };
export const [getLive, setLive] = createContext<Live>();
