/**
 * The only door to the API: the generated client, with our cookie, and with every failure turned
 * into a `Problem`. Functions are named as in `openapi.json` and return their data or throw.
 */
import { client } from './generated/client.gen';
import { Problem } from './problem';

client.setConfig({ baseUrl: '', credentials: 'same-origin' });
client.interceptors.error.use((thrown, response) =>
  response ? Problem.from(response, thrown) : Problem.of(thrown)
);

export { client };
export { Problem };
export * from './generated/sdk.gen';
