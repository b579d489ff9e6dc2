import { createContext } from 'svelte';
import type { ReadingLog } from './reading.ts';

/** The reading log of someone who takes part; a function, since taking part can begin and end. */
export const [getReading, setReading] = createContext<() => ReadingLog | null>();
