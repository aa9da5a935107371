import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type IngestJob,
  JobError,
  type JobResult,
  newUploadId,
  type PrepareJob,
  type SourceMedia,
} from '@spillway/contracts';
import { type Fixture, openFixture } from '../testing/fixture.ts';
import { encoded, film, ingestJob, orderId, prepareJob } from '../testing/samples.ts';
import type { Download, Media, WholeOptions } from './ports.ts';

let fixture: Fixture;
let results: JobResult[];

beforeEach(async () => {
  fixture = await openFixture();
  ({ results } = fixture);
});
afterEach(() => fixture.close());

const srt = '1\n00:00:01,000 --> 00:00:02,000\nHello <font>you</font>\n';
const vtt = 'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello you\n';
const captionsJob: IngestJob = {
  ...ingestJob,
  jobId: `${orderId}/ingest/2`,
  index: 2,
  url: 'https://media.example.com/film.srt',
  language: 'de',
};

const sending =
  (...chunks: (string | Uint8Array)[]): Download =>
  () =>
    Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

const contentOf = async (key: string): Promise<string> =>
  text((await fixture.storage.get(key)).body);

async function brought(job: IngestJob, download: Download = sending(srt)): Promise<JobResult> {
  await fixture.worker({ download }).run(job, fixture.delivery());
  const [result, ...more] = results;
  if (!result || more.length > 0) throw new Error(`${results.length} results`);
  return result;
}

test('captions become WebVTT under the prefix of their attempt', async () => {
  const result = await brought(captionsJob);
  const key = `orders/${orderId}/ingest-2-${result.attemptId}/captions.vtt`;
  expect(result).toMatchObject({ outcome: { kind: 'captions', key, cues: 1 }, ffmpegBuild: null });
  expect(await fixture.keys()).toEqual([key]);
  expect(await contentOf(key)).toBe(vtt);
});

test('those that were uploaded are taken as they are, and fetched from nowhere', async () => {
  const key = `uploads/${newUploadId()}`;
  const { etag } = await fixture.storage.put(key, Buffer.from(srt));
  const uploaded = { from: 'object', key, etag } as const;
  const download = () => {
    throw new Error('nothing is fetched');
  };
  const result = await brought({ ...captionsJob, url: null, uploaded }, download);
  expect(result).toMatchObject({ outcome: { kind: 'captions', cues: 1 } });
});

test.each([
  ['gone', 'e1', 'source_not_found', /^Captions 2 \(de\): the upload is gone/],
  ['another', 'e1', 'source_changed', /^Captions 2 \(de\): the upload is no longer/],
])('an upload that is %s is told as what it is', async (which, etag, code, message) => {
  if (which === 'another') await fixture.storage.put('uploads/u', Buffer.from(srt));
  const uploaded = { from: 'object', key: 'uploads/u', etag } as const;
  expect(await brought({ ...captionsJob, url: null, uploaded })).toMatchObject({
    status: 'failed',
    error: { code, message: expect.stringMatching(message) },
  });
});

test.each<[string, Download, RegExp]>([
  ['no captions', sending('<html>404</html>'), /^Captions 2 \(de\): line 1: it is neither WebVTT/],
  [
    'a broken cue',
    sending(srt, '\n2\n00:00:05,000 -->\n'),
    /^Captions 2 \(de\): line 6: these are/,
  ],
  [
    'a file that does not end',
    sending(srt, Buffer.alloc(10_000_000)),
    /larger than 10000000 bytes/,
  ],
])('%s ends the order at once, with the place', async (_what, download, message) => {
  expect(await brought(captionsJob, download)).toMatchObject({
    status: 'failed',
    error: {
      code: 'captions_invalid',
      message: expect.stringMatching(message),
      retryable: false,
    },
  });
  expect(await fixture.keys()).toEqual([]);
});

test('a server that cannot be reached is tried again', async () => {
  const download: Download = () =>
    new Readable({
      read() {
        this.destroy(new JobError('source_unreachable', 'It is away.'));
      },
    });
  const answer = await fixture.worker({ download }).run(captionsJob, fixture.delivery());
  expect(answer).toMatchObject({
    does: 'retry',
    error: { message: 'Captions 2 (de): It is away.' },
  });
});

/** Long enough to be cut: 150 segments of 4 s. */
const tenMinutes: SourceMedia = {
  ...film,
  durationSeconds: 600,
  video: { ...film.video, frames: 15_000, endSeconds: 600 },
};

/** Prepares a film with captions that were brought. */
async function prepared(more: Partial<Media> = {}, job: Partial<PrepareJob> = {}) {
  const late = '\n\n02:00:00.000 --> 02:00:01.000\nToo late\n';
  await fixture.storage.put('in/en.vtt', Buffer.from(vtt));
  await fixture.storage.put('in/de.vtt', Buffer.from(vtt + late));
  const asked = { url: 'https://media.example.com/x.vtt', default: false };
  const outputs = {
    ...prepareJob.outputs,
    captions: [
      { ...asked, language: 'en', label: 'English', default: true },
      { ...asked, language: 'de' },
    ],
  };
  const captions = [{ key: 'in/en.vtt' }, { key: 'in/de.vtt' }];
  const media = fixture.media({ inspect: async () => tenMinutes, ...more });
  await fixture
    .worker({ media })
    .run({ ...prepareJob, outputs, captions, ...job }, fixture.delivery());
  const [result] = results;
  if (result?.status !== 'succeeded') throw new Error(JSON.stringify(result));
  const prefix = `orders/${orderId}/prepare-0-${result.attemptId}/`;
  const keys = (await fixture.keys()).filter((key) => key.startsWith(prefix));
  return { outcome: result.outcome, prefix, names: keys.map((key) => key.slice(prefix.length)) };
}

const tracks = [
  {
    ...{ name: 'captions-1-en', language: 'en', label: 'English', default: true },
    ...{ cues: 1, bytes: vtt.length },
  },
  {
    ...{ name: 'captions-2-de', language: 'de', label: 'de', default: false },
    ...{ cues: 2, bytes: expect.any(Number) },
  },
];

test('captions of a long film are cut like its picture, before anything is encoded', async () => {
  const { outcome, prefix, names } = await prepared();
  expect(outcome).toMatchObject({
    kind: 'plan',
    captions: { prefix, tracks },
    warnings: ['Captions 2 (de): 1 of 2 cues begin after the end.'],
  });
  const segments = Array.from({ length: 150 }, (_, index) => String(index + 1).padStart(5, '0'));
  expect(names.filter((name) => name.startsWith('captions-1-en/'))).toEqual([
    ...segments.map((name) => `captions-1-en/${name}.vtt`),
    'captions-1-en/all.vtt',
  ]);
  expect(await contentOf(`${prefix}captions-1-en/all.vtt`)).toBe(vtt);
  expect(await contentOf(`${prefix}captions-1-en/00001.vtt`)).toContain('Hello you');
  expect(await contentOf(`${prefix}captions-2-de/00150.vtt`)).not.toContain('-->');
});

test('cues that would be in every segment of a long film fail it before they are written', async () => {
  const cue = `\n00:00:00.000 --> 01:00:00.000\n${'x'.repeat(100)}\n`;
  await fixture.storage.put('in/en.vtt', Buffer.from(`WEBVTT\n${cue.repeat(1000)}`));
  const asked = { url: 'https://media.example.com/x.vtt', language: 'en', default: false };
  const job = {
    ...prepareJob,
    outputs: { ...prepareJob.outputs, captions: [asked] },
    captions: [{ key: 'in/en.vtt' }],
  };
  const media = fixture.media({ inspect: async () => film });
  await fixture.worker({ media }).run(job, fixture.delivery());
  const message = 'Captions 1 (en): too many cues are shown for too long.';
  expect(results).toMatchObject([{ error: { code: 'captions_invalid', message } }]);
  expect(await fixture.keys()).toEqual(['in/en.vtt']);
});

test('those of a source that is encoded whole lie in its output', async () => {
  const whole: WholeOptions[] = [];
  const encodeWhole: Media['encodeWhole'] = async (options) => {
    whole.push(options);
    return { ...encoded, remove: async () => {} };
  };
  const { outcome, names } = await prepared({ encodeWhole }, { whole: true });
  expect(outcome).toMatchObject({
    kind: 'prepare',
    warnings: ['Captions 2 (de): 1 of 2 cues begin after the end.', 'a warning'],
  });
  expect(whole).toMatchObject([{ captions: tracks }]);
  expect(names).toEqual(expect.arrayContaining(['captions-1-en/00001.vtt', 'master.m3u8']));
});
