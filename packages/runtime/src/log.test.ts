import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger, logDestination } from './log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const linesOf = async (name: string): Promise<string[]> =>
  (await readFile(join(folder, name), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).msg);

test('a log that has grown is put aside; no line is lost but those of the oldest file', async () => {
  const path = join(folder, 'a.log');
  const write = (from: number, to: number) => {
    // As after a restart: what is in the file counts.
    const log = createLogger('test', 'info', logDestination(path, 250));
    for (let number = from; number < to; number++) log.info(`line ${number}`);
  };
  write(0, 4);
  write(4, 24);
  const names = ['a.log', 'a.log.1', 'a.log.2', 'a.log.3', 'a.log.4', 'a.log.5'];
  expect((await readdir(folder)).sort()).toEqual(names);
  const lines = (await Promise.all(names.toReversed().map(linesOf))).flat();
  const first = Number(lines[0]?.replace('line ', ''));
  expect(first).toBeGreaterThan(0);
  expect(lines).toEqual(Array.from({ length: 24 - first }, (_, n) => `line ${first + n}`));
});
