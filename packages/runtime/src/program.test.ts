import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';

const RUNS = "console.log('runs');";
const moduleOf = (name: string): string => new URL(name, import.meta.url).href;

/** Runs a program and sends it one SIGTERM after each line that it prints; the code it ends with. */
async function codeOf(program: string, then = ''): Promise<unknown> {
  const main = `
    import { createLogger } from '${moduleOf('log.ts')}';
    import { runProgram } from '${moduleOf('program.ts')}';
    setInterval(() => {}, 1000);
    const signal = new Promise((resolve) => process.on('SIGTERM', () => setImmediate(resolve)));
    await runProgram(createLogger('test', 'silent'), async () => (${program}));
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'exit');
  for await (const _line of createInterface(child.stdout)) child.kill('SIGTERM');
  const [code] = await ended;
  return code;
}

test('a signal closes a program, which ends with 0', async () => {
  const close = `async () => { await signal; }`;
  expect(await codeOf(`{ close: ${close} }`, RUNS)).toBe(0);
});

test('a program that leaves by itself is closed; a signal meanwhile is the first, and it ends with 0', async () => {
  const close = `async () => { console.log('closing'); await signal; }`;
  expect(await codeOf(`{ left: Promise.resolve(), close: ${close} }`)).toBe(0);
});

test('a second signal ends a program at once, with 130', async () => {
  const close = `async () => { console.log('closing'); await new Promise(() => {}); }`;
  expect(await codeOf(`{ close: ${close} }`, RUNS)).toBe(130);
});
