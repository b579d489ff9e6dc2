import { defineConfig } from '@hey-api/openapi-ts';

/** `openapi.json` is what the API says of itself; `npm run generate` makes the client from it. */
export default defineConfig({
  input: 'openapi.json',
  output: { path: 'src/lib/api/generated' },
  plugins: [
    { name: '@hey-api/client-fetch', throwOnError: true, baseUrl: false },
    '@hey-api/typescript',
    { name: '@hey-api/sdk', responseStyle: 'data' }
  ]
});
