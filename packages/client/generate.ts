import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

export type ApiDescription = OpenAPI3;

/** The source of `src/schema.ts`: the types of every path and schema of an OpenAPI document. */
export async function typesOf(document: ApiDescription): Promise<string> {
  const nodes = await openapiTS(document, { alphabetize: true, defaultNonNullable: false });
  return `// Made by npm run generate:client from the OpenAPI document; not edited by hand.\n\n${astToString(nodes)}`;
}
