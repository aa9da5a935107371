import { createReadStream } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type JobKind,
  type JobResult,
  newOrderId,
  type Outcome,
  Outputs,
} from '@spillway/contracts';
import { findFfmpeg, inspectSource, planSource } from '@spillway/media';
import { ffmpegForTest, makeClip } from '@spillway/media/testing';
import type { Running } from '@spillway/runtime';
import { startTestS3, type TestS3 } from '@spillway/storage/testing';
import { type Harness, openHarness } from './testing/harness.ts';

/** A worker whose objects, sources and destinations are in S3. */
let s3: TestS3;
let harness: Harness;
let encoder: Running;
beforeAll(async () => {
  s3 = await startTestS3('media', 'acme');
  harness = await openHarness(s3);
  encoder = await harness.startEncoder();
});
afterAll(async () => {
  await encoder.close();
  await harness.close();
  await s3.close();
});

const frames = 250;
const outputs = Outputs.parse({ formats: ['hls', 'dash', 'mp4'] });

async function bringClip(name: string): Promise<string> {
  const clip = await makeClip({ seconds: 10, name, folder: harness.folder });
  await s3.buckets('acme').put(`in/${name}`, createReadStream(clip));
  return `s3://acme/in/${name}`;
}

function outcomeOf<K extends Outcome['kind']>(kind: K, result: JobResult) {
  if (result.status !== 'succeeded' || result.outcome.kind !== kind) {
    throw new Error(`no ${kind}: ${JSON.stringify(result)}`);
  }
  return result.outcome as Extract<Outcome, { kind: K }>;
}

/** A job of an order of its own, unless it continues one. */
async function done<K extends Outcome['kind']>(kind: K, job: JobKind, fields: object) {
  return outcomeOf(kind, await harness.end(await harness.order(job, { ...fields }, newOrderId())));
}

/** Frames that a player gets, all the way to the end. */
async function framesOf(address: string): Promise<number> {
  const said = await ffmpegForTest(['-i', address, '-map', '0:v:0', '-f', 'null', '-']);
  return Number(/frame=\s*(\d+)(?!.*frame=)/s.exec(said)?.[1]);
}

const copyAt = (folder: string, file: string) => `${s3.url}/acme/${folder}playback/${file}`;

test.each(['clip.mp4', 'clip.mkv', 'clip.ts'])(
  '%s in a bucket is read there, encoded, and delivered to another folder',
  async (name) => {
    const url = await bringClip(name);
    const { source } = await done('ingest', 'ingest', { url });
    expect(source).toMatchObject({ from: 's3', url });
    const { output } = await done('prepare', 'prepare', { source, outputs, whole: true });
    expect(output.renditions).toMatchObject([{ frames }]);
    const folder = `out/${name}/`;
    await done('deliver', 'deliver', {
      destination: `s3://acme/${folder}`,
      outputPrefix: output.prefix,
      partPrefixes: [],
      posterKey: null,
    });
    expect(await framesOf(copyAt(folder, 'master.m3u8'))).toBe(frames);
    expect(await framesOf(copyAt(folder, 'video.mp4'))).toBe(frames);
  },
);

test('chunks of a source in our own bucket are delivered with the folders that playlists name', async () => {
  const clip = await makeClip({ seconds: 10, name: 'film.mp4', folder: harness.folder });
  const stored = await harness.storage.put('uploads/film', createReadStream(clip));
  const source = { from: 'object', ...stored };
  const { signal } = new AbortController();
  const media = await inspectSource(await findFfmpeg(), clip, { allowPartial: false, signal });
  const whole = planSource(media, { whole: true });
  // A chunk for each segment, of which there are three.
  const plan = { ...whole, chunkFrames: whole.gopFrames };
  const chunks = [0, 1, 2].map((index) =>
    done('encode-chunk', 'encode-chunk', { source, plan, index }),
  );
  const audio = await done('encode-audio', 'encode-audio', { source, plan });
  const chunkPrefixes = (await Promise.all(chunks)).map(({ prefix }) => prefix);
  const parts = { chunkPrefixes, audioPrefix: audio.prefix };
  const { output } = await done('package', 'package', { plan, outputs, ...parts });
  const { delivery } = await done('deliver', 'deliver', {
    destination: 's3://acme/out/film/',
    outputPrefix: output.prefix,
    partPrefixes: [...chunkPrefixes, audio.prefix],
    posterKey: `${chunkPrefixes[0]}poster.jpg`,
  });
  expect(delivery.url).toBe('s3://acme/out/film/playback/');
  expect(await framesOf(copyAt('out/film/', 'master.m3u8'))).toBe(frames);
  expect(await framesOf(copyAt('out/film/', 'video.mp4'))).toBe(frames);
  expect((await fetch(copyAt('out/film/', 'poster.jpg'))).status).toBe(200);
});

test('a source that was replaced in its bucket is not encoded', async () => {
  const url = await bringClip('replaced.mp4');
  const { source } = await done('ingest', 'ingest', { url });
  await s3.buckets('acme').put('in/replaced.mp4', Buffer.from('another'));
  const result = await harness.end(await harness.order('prepare', { source, outputs }));
  expect(result).toMatchObject({ status: 'failed', error: { code: 'source_changed' } });
});
