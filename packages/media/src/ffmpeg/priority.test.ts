import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../settings.ts';
import { letOthersFirst, lowerPriority } from './priority.ts';

let program: ChildProcess;
let pid: number;

beforeEach(async () => {
  // It waits for the end of its input.
  program = spawn('cat', { detached: true });
  await once(program, 'spawn');
  pid = program.pid ?? 0;
});
afterEach(async () => {
  program.stdin?.end();
  await once(program, 'exit');
});

test('an ffmpeg stands behind the programs beside it', () => {
  lowerPriority(pid);
  expect(getPriority(pid)).toBe(run.niceness);
});

test('one that lets others first stands behind these too, also where its session is what counts', () => {
  letOthersFirst(pid);
  expect(getPriority(pid)).toBe(run.niceness + run.yieldedNiceness);
  const session = `/proc/${pid}/autogroup`;
  const share = existsSync(session) ? readFileSync(session, 'utf8') : '';
  // Empty where Linux knows no such groups.
  expect(share.trim()).toMatch(new RegExp(`^$| nice ${run.yieldedNiceness}$`));
});
