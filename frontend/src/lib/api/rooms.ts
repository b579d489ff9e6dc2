/** What only a few rooms ask of the API, as `index.ts` has it for all: the wall does not load it. */
import './index.ts';

export * from './generated/rooms.gen';
