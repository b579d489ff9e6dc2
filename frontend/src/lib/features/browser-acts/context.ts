import { createContext } from 'svelte';
import type { ActLog } from './act-log.ts';

/** The log of someone who takes part; a function, since taking part can begin and end. */
export const [getActs, setActs] = createContext<() => ActLog | null>();
