import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { cancelMarker, ENCODE_JOBS, type JobKind, outputFiles } from '@spillway/contracts';
import type { Ffmpeg } from '@spillway/media';
import { makeClip } from '@spillway/media/testing';
import { DEAD_LETTER_REASON, type Delivery, deadLetterQueueOf } from '@spillway/messaging';
import type { Running } from '@spillway/runtime';
import {
  type Harness,
  isAlive,
  lineOf,
  openHarness,
  scriptedFfmpeg,
  until,
} from './testing/harness.ts';

let harness: Harness;
let clip: string;
let encoders: Running[] = [];
let programs: ChildProcess[] = [];

beforeAll(async () => {
  harness = await openHarness();
  clip = await makeClip({ seconds: 1, width: 320, height: 180, fps: 25, audio: true });
});
afterEach(async () => {
  await Promise.all(encoders.map((encoder) => encoder.close()));
  encoders = [];
  for (const program of programs) program.kill('SIGKILL');
  programs = [];
});
afterAll(() => harness.close());

async function startEncoder(options: Parameters<Harness['startEncoder']>[0] = {}) {
  const encoder = await harness.startEncoder(options);
  encoders.push(encoder);
  return encoder;
}

const prepareFile = (path: string, orderId?: string) =>
  harness.order(
    'prepare',
    { source: { from: 'file', path }, outputs: { allowPartial: false } },
    orderId,
  );

/** An ffmpeg that says its process id, and then never ends. */
async function hangingFfmpeg(): Promise<{ ffmpeg: Ffmpeg; pid: () => Promise<number> }> {
  const file = join(harness.folder, `pid-${Math.random()}`);
  const ffmpeg = await scriptedFfmpeg(
    harness.folder,
    `case "$*" in *-version*) exec "$real" "$@";; esac; echo $$ > ${file}; exec sleep 600`,
  );
  return { ffmpeg, pid: async () => Number(await lineOf(file)) };
}

test('a source becomes a whole output and one result', async () => {
  await startEncoder();
  const result = await harness.end(await prepareFile(clip));
  expect(result).toMatchObject({
    status: 'succeeded',
    outcome: { kind: 'prepare', output: { renditions: [{ name: '180p', frames: 25 }] } },
    ffmpegBuild: expect.stringMatching(/^ffmpeg version /),
  });
  if (result.status !== 'succeeded' || result.outcome.kind !== 'prepare') throw new Error('no');
  expect(result.cpuSeconds).toBeGreaterThan(0);
  const { prefix } = result.outcome.output;
  const names = (await harness.keys()).map((key) => key.replace(prefix, ''));
  const { hls, dash, poster, qc: evidence } = outputFiles;
  expect(names).toEqual(expect.arrayContaining([hls, dash, poster, evidence]));
  const qc = await harness.storage.get(prefix + outputFiles.qc);
  expect(JSON.parse((await buffer(qc.body)).toString())).toMatchObject({ passed: true });
  await until(async () => (await readdir(await workFolder())).length === 0);
});

test('the most urgent job is done first', async () => {
  const source = { source: { from: 'file', path: clip }, outputs: { allowPartial: false } };
  const orders = [];
  for (const priority of ['low', 'normal', 'high'] as const) {
    orders.push(await harness.order('prepare', { ...source, priority }));
  }
  await startEncoder({ settings: { SPILLWAY_ENCODER_SLOTS: '1' } });
  const results = await Promise.all(orders.map((orderId) => harness.end(orderId)));
  const byStart = results.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  expect(byStart.map(({ orderId }) => orderId)).toEqual(orders.toReversed());
});

const workFolder = async (): Promise<string> => {
  const work = join(harness.folder, 'work');
  return join(work, (await readdir(work)).find((name) => name.endsWith(`-${process.pid}`)) ?? '');
};

test.each([
  ['a text file', 'source_not_media', 'Dear diary, this is no video.\n'],
  ['an empty file', 'source_empty', ''],
  ['a playlist', 'source_not_allowed', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'],
])('%s is one failed result, and nothing is kept', async (name, code, content) => {
  await startEncoder();
  const path = join(harness.folder, `${name}.mp4`);
  await writeFile(path, content);
  const orderId = await prepareFile(path);
  expect(await harness.end(orderId)).toMatchObject({ status: 'failed', error: { code } });
  await until(async () => (await depth()).every((count) => count === 0));
  expect(harness.results(orderId)).toHaveLength(1);
  expect((await harness.keys()).filter((key) => key.includes(orderId))).toEqual([]);
});

const depth = async (queue = ENCODE_JOBS): Promise<[number, number, number]> => {
  const { waiting, inFlight, delayed } = await harness.messaging.depth(queue);
  return [waiting, inFlight, delayed];
};

test.each([
  ['a file that is gone', 'source_not_found', '/no/such/film.mp4'],
  ['a device', 'source_not_allowed', '/dev/zero'],
  ['a folder', 'source_not_allowed', '/'],
])('%s is %s', async (_name, code, path) => {
  await startEncoder();
  const end = await harness.end(await prepareFile(path));
  expect(end).toMatchObject({ status: 'failed', error: { code } });
});

test('a failure that passes is tried again and succeeds', async () => {
  const flag = join(harness.folder, 'failed-once');
  const script = `[ -e ${flag} ] || { touch ${flag}; exit 7; }; exec "$real" "$@"`;
  await startEncoder({ ffmpeg: await scriptedFfmpeg(harness.folder, script) });
  const orderId = await prepareFile(clip);
  expect(await harness.end(orderId)).toMatchObject({ status: 'succeeded' });
  expect(harness.results(orderId)).toHaveLength(1);
});

test('a media process that dies costs its jobs one try', async () => {
  const flag = join(harness.folder, 'died-once');
  const script = `[ -e ${flag} ] || { touch ${flag}; kill -9 $PPID; exit 1; }; exec "$real" "$@"`;
  await startEncoder({ ffmpeg: await scriptedFfmpeg(harness.folder, script) });
  const orderId = await prepareFile(clip);
  expect(await harness.end(orderId)).toMatchObject({ status: 'succeeded' });
  expect(harness.results(orderId)).toHaveLength(1);
});

test('one that does not pass is told at the last try, and its job goes to the dead letters', async () => {
  const ffmpeg = await scriptedFfmpeg(harness.folder, 'echo "it is broken" >&2; exit 7');
  await startEncoder({ ffmpeg, settings: { SPILLWAY_JOB_ATTEMPTS: '2' } });
  const dead = new Promise<Delivery>((resolve) => {
    harness.messaging.subscribe(
      [deadLetterQueueOf(ENCODE_JOBS)],
      { concurrency: 1 },
      async (delivery) => {
        await delivery.ack();
        resolve(delivery);
      },
    );
  });
  const orderId = await prepareFile(clip);
  expect(await harness.end(orderId)).toMatchObject({
    status: 'failed',
    error: { code: 'encode_failed', retryable: true },
    log: [expect.stringContaining('it is broken')],
  });
  const { attributes, body } = await dead;
  expect(attributes[DEAD_LETTER_REASON]).toMatch(/^encode_failed: /);
  expect(JSON.parse(body)).toMatchObject({ orderId });
  expect(harness.results(orderId)).toHaveLength(1);
});

test('a lost object store makes the job wait, and it is done when the store is back', async () => {
  await startEncoder({ settings: { SPILLWAY_JOB_ATTEMPTS: '1' } });
  const root = join(harness.folder, 'store');
  await rename(root, `${root}-away`);
  const orderId = await prepareFile(clip);
  await until(async () => (await depth())[2] === 1);
  await rename(`${root}-away`, root);
  expect(await harness.end(orderId)).toMatchObject({ status: 'succeeded' });
  expect(harness.results(orderId)).toHaveLength(1);
});

test('a cancel ends the running ffmpeg, and nothing is said or kept', async () => {
  const { ffmpeg, pid } = await hangingFfmpeg();
  await startEncoder({ ffmpeg });
  const orderId = await prepareFile(clip);
  const running = await pid();
  await harness.storage.put(cancelMarker(orderId), Buffer.alloc(0));
  await until(async () => !isAlive(running));
  await until(async () => (await depth()).every((count) => count === 0));
  expect(harness.results(orderId)).toEqual([]);
  expect((await harness.keys()).filter((key) => key.includes(orderId))).toEqual([
    cancelMarker(orderId),
  ]);
});

test('a kind of job that this version does not know is given back', async () => {
  await startEncoder();
  await harness.order('score' as JobKind, {});
  await until(async () => (await depth())[2] === 1);
  expect(await depth(deadLetterQueueOf(ENCODE_JOBS))).toEqual([0, 0, 0]);
});

/** An encoder as a process of its own, with the given ffmpeg first on its PATH. */
function spawnEncoder({ ffmpegPath }: Ffmpeg, settings: Record<string, string> = {}) {
  const main = join(import.meta.dirname, 'main.ts');
  const PATH = `${dirname(ffmpegPath)}:${process.env.PATH}`;
  const program = spawn(process.execPath, [main], {
    env: { ...harness.environment, ...settings, PATH },
    stdio: 'ignore',
  });
  programs.push(program);
  return program;
}

test('on SIGTERM a worker gives back what will take longer, and another does it at once', async () => {
  const { ffmpeg, pid } = await hangingFfmpeg();
  const stopping = spawnEncoder(ffmpeg);
  const orderId = await prepareFile(clip);
  const running = await pid();
  stopping.kill('SIGTERM');
  expect(await once(stopping, 'exit')).toEqual([0, null]);
  expect(isAlive(running)).toBe(false);
  const [, inFlight] = await depth();
  expect(inFlight).toBe(0);
  await startEncoder();
  expect(await harness.end(orderId)).toMatchObject({ status: 'succeeded' });
});

test('a killed worker takes its ffmpeg along, and another does its job when the lease has ended', async () => {
  const { ffmpeg, pid } = await hangingFfmpeg();
  const killed = spawnEncoder(ffmpeg);
  const orderId = await prepareFile(clip);
  const running = await pid();
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  await until(() => !isAlive(running));
  await startEncoder();
  expect(await harness.end(orderId)).toMatchObject({ status: 'succeeded' });
});

test('an address is fetched into the object store', async () => {
  const content = Buffer.alloc(300_000, 'film');
  const server: Server = createServer((_request, response) => response.end(content));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4`;
  await startEncoder();
  const result = await harness.end(await harness.order('ingest', { url }));
  server.close();
  if (result.status !== 'succeeded' || result.outcome.kind !== 'ingest') throw new Error('no');
  const { source } = result.outcome;
  if (source.from !== 'object') throw new Error('not stored');
  const stored = await harness.storage.get(source.key);
  expect(stored.etag).toBe(source.etag);
  expect((await buffer(stored.body)).equals(content)).toBe(true);
});

test('an address that must not be fetched is one failed result', async () => {
  await startEncoder();
  const orderId = await harness.order('ingest', { url: 'http://169.254.169.254/latest/' });
  expect(await harness.end(orderId)).toMatchObject({
    status: 'failed',
    error: { code: 'source_not_allowed', message: expect.stringMatching(/^[A-Z].*\.$/s) },
  });
});

test('a worker that is to leave when idle does what there is first, and ends with 0', async () => {
  const ffmpeg = await scriptedFfmpeg(harness.folder, 'exec "$real" "$@"');
  const orders = await Promise.all([prepareFile(clip), prepareFile(clip), prepareFile(clip)]);
  // Longer than a busy machine takes from its start to its first job, or there is nobody left to do it.
  const leaving = spawnEncoder(ffmpeg, { SPILLWAY_EXIT_WHEN_IDLE_SECONDS: '5' });
  const ended = once(leaving, 'exit');
  for (const orderId of orders) {
    expect(await harness.end(orderId)).toMatchObject({ status: 'succeeded' });
  }
  expect(await ended).toEqual([0, null]);
  for (const orderId of orders) expect(harness.results(orderId)).toHaveLength(1);
  const [, inFlight] = await depth();
  expect(inFlight).toBe(0);
});
