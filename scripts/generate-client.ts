// npm run generate:client [-- --check]: the types of packages/client, from the API's description.
import { readFile, writeFile } from 'node:fs/promises';
import { type ApiDescription, typesOf } from '../packages/client/generate.ts';
import { openApiDocument } from '../services/order-api/src/adapters/http/openapi.ts';

const schema = new URL('../packages/client/src/schema.ts', import.meta.url);
const document = openApiDocument('http://127.0.0.1:8080') as unknown as ApiDescription;
const made = await typesOf(document);
if (!process.argv.includes('--check')) {
  await writeFile(schema, made);
} else if ((await readFile(schema, 'utf8')) !== made) {
  console.error('packages/client is not as the API says: npm run generate:client');
  process.exitCode = 1;
}
