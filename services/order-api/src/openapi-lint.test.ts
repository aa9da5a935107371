import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { openApiDocument } from './adapters/http/openapi.ts';

// Its ESM entry reads files with `require`.
const { createConfig, lintFromString } = createRequire(import.meta.url)(
  '@redocly/openapi-core',
) as typeof import('@redocly/openapi-core');

test('the API’s description passes the linter’s recommended rules', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      // Health checks and the description refuse nobody.
      'operation-4xx-response': 'off',
    },
  });
  const source = JSON.stringify(openApiDocument('https://spillway.example'));
  const problems = await lintFromString({ source, config });
  expect(problems.map(({ message, location }) => `${location[0]?.pointer}: ${message}`)).toEqual(
    [],
  );
});

test('the linter would find a mistake', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const source = JSON.stringify({ ...openApiDocument('https://spillway.example'), tags: 'none' });
  expect(await lintFromString({ source, config })).not.toEqual([]);
});
