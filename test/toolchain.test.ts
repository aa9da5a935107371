import { expect, test } from '@jest/globals';

test('tests run as ES modules, as the programs do', () => {
  expect(typeof require).toBe('undefined');
});

test('tests run on the Node of the project, not of the machine', () => {
  expect(process.version).toMatch(/^v24\./);
});
