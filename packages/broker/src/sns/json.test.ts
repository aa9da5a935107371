import { expect, test } from '@jest/globals';
import { parseJson } from './json.ts';

const refusal = (text: string): string => {
  try {
    parseJson('Policy', text);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  [
    '{invalid}',
    "Unexpected character ('i' (code 105)): was expecting double-quote to start field name",
    2,
  ],
  [
    'invalid-json',
    "Unrecognized token 'invalid': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    8,
  ],
  [
    '{"a" 1}',
    "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    6,
  ],
  [
    '[1 2]',
    "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
    4,
  ],
  ['{"a": [1', 'Unexpected end-of-input: expected close marker for Array', 9],
])('%s is refused in the words of AWS', (text, reason, column) => {
  expect(refusal(text)).toBe(
    `Invalid parameter: Policy: failed to parse JSON. ${reason}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${column}]`,
  );
});

test('what is JSON is answered as its content', () => {
  expect(parseJson('Policy', ' {"a": ["\\"", 1.5e3, null]} ')).toEqual({ a: ['"', 1500, null] });
});
