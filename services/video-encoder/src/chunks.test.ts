import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  attemptPrefix,
  cancelMarker,
  chunkCount,
  ENCODE_JOBS,
  type EncodePlan,
  EncodeReport,
  type JobKind,
  jobId,
  type Outcome,
  outputFiles,
  QcReport,
  reportFile,
} from '@spillway/contracts';
import { findFfmpeg, inspectSource, planSource } from '@spillway/media';
import { ffmpegForTest, makeClip } from '@spillway/media/testing';
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
let plan: EncodePlan;
let encoders: Running[] = [];

beforeAll(async () => {
  harness = await openHarness();
  clip = await makeClip({ seconds: 10, folder: harness.folder });
  const { signal } = new AbortController();
  const media = await inspectSource(await findFfmpeg(), clip, { allowPartial: false, signal });
  const whole = planSource(media, { whole: true });
  // A chunk for each segment, of which there are three.
  plan = { ...whole, chunkFrames: whole.gopFrames };
});
afterEach(async () => {
  await Promise.all(encoders.map((encoder) => encoder.close()));
  encoders = [];
});
afterAll(() => harness.close());

async function startEncoder(options: Parameters<Harness['startEncoder']>[0] = {}) {
  encoders.push(await harness.startEncoder(options));
}

const send = (kind: JobKind, orderId: string | undefined, more: object) => {
  const { index = 0 } = more as { index?: number };
  const source = { from: 'file', path: clip };
  const id = orderId && jobId(orderId, kind, index);
  return harness.order(kind, { source, plan, ...more, ...(id && { jobId: id }) }, orderId);
};

/** The outcomes of an order whose parts were all encoded. */
async function encodeParts(): Promise<{ orderId: string; outcomes: Outcome[] }> {
  const orderId = await send('encode-audio', undefined, {});
  for (let index = 0; index < chunkCount(plan); index++) {
    await send('encode-chunk', orderId, { index });
  }
  await until(() => harness.results(orderId).length === chunkCount(plan) + 1);
  const outcomes = harness
    .results(orderId)
    .toSorted((a, b) => a.index - b.index)
    .map((result) => {
      if (result.status !== 'succeeded') throw new Error(JSON.stringify(result));
      return result.outcome;
    });
  return { orderId, outcomes };
}

const prefixesOf = (outcomes: readonly Outcome[], kind: Outcome['kind']): string[] =>
  outcomes.flatMap((outcome) =>
    outcome.kind === kind && 'prefix' in outcome ? outcome.prefix : [],
  );

const packaged = async (
  { orderId, outcomes }: { orderId: string; outcomes: Outcome[] },
  formats = ['hls', 'dash'],
) => {
  const [audioPrefix = null] = prefixesOf(outcomes, 'encode-audio');
  const chunkPrefixes = prefixesOf(outcomes, 'encode-chunk');
  await send('package', orderId, { outputs: { formats }, chunkPrefixes, audioPrefix });
  const last = () => harness.results(orderId).find(({ kind }) => kind === 'package');
  await until(() => last() !== undefined);
  return last();
};

const read = async (key: string): Promise<Buffer> => buffer((await harness.storage.get(key)).body);

test('chunks and sound become one output, and nothing of them is copied', async () => {
  await startEncoder();
  const parts = await encodeParts();
  const result = await packaged(parts);
  expect(result).toMatchObject({
    status: 'succeeded',
    outcome: { kind: 'package', output: { renditions: [{ name: '180p', frames: 250 }] } },
  });
  if (result?.status !== 'succeeded' || result.outcome.kind !== 'package') throw new Error('no');
  const { prefix } = result.outcome.output;
  const qc = QcReport.parse(JSON.parse((await read(prefix + outputFiles.qc)).toString()));
  expect(qc).toMatchObject({ passed: true, seams: { checked: 2, broken: [] } });
  const own = (await harness.keys()).filter((key) => key.startsWith(prefix));
  expect(own.filter((key) => key.endsWith('.m4s'))).toEqual([]);
  const played = await ffmpegForTest([
    ...['-v', 'warning', '-i', join(harness.folder, 'store/objects', prefix, outputFiles.hls)],
    ...['-f', 'null', '-'],
  ]);
  expect(played).toBe('');
});

test('an ordered MP4 is joined from the segments', async () => {
  await startEncoder();
  const result = await packaged(await encodeParts(), ['hls', 'mp4']);
  if (result?.status !== 'succeeded' || result.outcome.kind !== 'package') throw new Error('no');
  const path = join(harness.folder, 'store/objects', result.outcome.output.prefix, outputFiles.mp4);
  const index = (await readFile(path)).indexOf('moov');
  expect(index).toBeLessThan(100);
  const { signal } = new AbortController();
  const media = await inspectSource(await findFfmpeg(), path, { allowPartial: false, signal });
  expect(media.video.frames).toBe(250);
  expect(media.audio).not.toBeNull();
  expect(result.ffmpegBuild).toMatch(/^ffmpeg version /);
});

test('chunks that do not meet are told as such, with nothing kept', async () => {
  await startEncoder();
  const parts = await encodeParts();
  const [, second = ''] = prefixesOf(parts.outcomes, 'encode-chunk');
  const report = EncodeReport.parse(JSON.parse((await read(second + reportFile)).toString()));
  const seam = { first: 'another picture', next: report.seam?.next ?? null };
  await harness.storage.put(second + reportFile, Buffer.from(JSON.stringify({ ...report, seam })));
  const result = await packaged(parts);
  expect(result).toMatchObject({ status: 'succeeded', outcome: { kind: 'unfit' } });
  const own = attemptPrefix(parts.orderId, 'package', 0, result?.attemptId ?? '');
  expect((await harness.keys()).filter((key) => key.startsWith(own))).toEqual([]);
});

test('a cancel ends the ffmpeg of a chunk, and nothing is said or kept', async () => {
  const file = join(harness.folder, 'hanging');
  const ffmpeg = await scriptedFfmpeg(harness.folder, `echo $$ > ${file}; exec sleep 600`);
  await startEncoder({ ffmpeg });
  const orderId = await send('encode-chunk', undefined, { index: 0 });
  const pid = Number(await lineOf(file));
  await harness.storage.put(cancelMarker(orderId), Buffer.alloc(0));
  await until(() => !isAlive(pid));
  await until(async () => (await harness.messaging.depth(ENCODE_JOBS)).inFlight === 0);
  expect(harness.results(orderId)).toEqual([]);
  const kept = (await harness.keys()).filter((key) => key.includes(orderId));
  expect(kept).toEqual([cancelMarker(orderId)]);
});
