import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Log } from './log.ts';

let folder: string;
let log: Log;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-log-'));
  log = new Log(
    {
      folder,
      durable: false,
      maxSegmentBytes: 64 * 1024 * 1024,
      nextSequence: () => 1,
      onFailure: (error) => {
        throw error;
      },
      onSegment: () => undefined,
      onStarved: () => undefined,
    },
    [],
  );
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

const payload = Buffer.alloc(1024 * 1024, 1);

test('with sync off an answer does not wait for the disk', () => {
  log.append(payload, 'send');
  let answered = false;
  log.whenDurable(() => {
    answered = true;
  });
  expect(answered).toBe(true);
});

test('with sync off answers wait for a disk that is far behind, so memory stays bounded', async () => {
  for (let appended = 0; appended < 20; appended += 1) log.append(payload, 'send');
  let answered = false;
  const answer = new Promise<void>((resolve) => {
    log.whenDurable(() => {
      answered = true;
      resolve();
    });
  });
  expect(answered).toBe(false);
  await answer;
});
