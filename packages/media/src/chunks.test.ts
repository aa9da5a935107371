import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chunkAt, chunkCount, type EncodePlan } from '@spillway/contracts';
import { encodeAudio, encodeChunk } from './encode-part.ts';
import { pipedArguments } from './ffmpeg/arguments.ts';
import { findFfmpeg } from './ffmpeg/find.ts';
import { runFfmpeg } from './ffmpeg/run.ts';
import { readSeam, type Seam } from './output/seam.ts';
import { planSource } from './plan/plan-source.ts';
import { inspectSource } from './source/inspect.ts';
import { fieldPictures } from './testing/field-pictures.ts';
import { ffmpegForTest } from './testing/index.ts';
import { serveRanges } from './testing/range-server.ts';
import type { PartEncode } from './types.ts';
import { verifyCut } from './verify-cut.ts';

const { signal } = new AbortController();
let folder: string;
const path = (name: string) => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-chunks-'));
});

type Cut = { plan: EncodePlan; chunks: PartEncode[] } | { reason: string };

/** Plans one GOP a chunk, however short the source is, verifies that, and encodes it. */
async function encodeCut(address: string): Promise<Cut> {
  const ffmpeg = await findFfmpeg();
  const media = await inspectSource(ffmpeg, address, { allowPartial: false, signal });
  const whole = planSource(media, { whole: true });
  const planned = { ...whole, chunkFrames: whole.gopFrames };
  const verdict = await verifyCut({ ffmpeg, address, plan: planned, signal });
  if ('reason' in verdict) return verdict;
  const { plan } = verdict;
  const chunks: PartEncode[] = [];
  for (let index = 0; index < chunkCount(plan); index += 1)
    chunks.push(
      await encodeChunk({
        ...{ ffmpeg, address, plan, index, signal, stallSeconds: 60 },
        onProgress: () => {},
        onFile: async () => {},
      }),
    );
  return { plan, chunks };
}

/** The hash of a frame of the grid when the source is decoded from its beginning. */
async function decodedFromStart(address: string, plan: EncodePlan, frame: number) {
  const { ffmpegPath } = await findFfmpeg();
  const chunk = { ...chunkAt(plan, 0), frames: frame };
  let seam: Seam | null = null;
  await runFfmpeg({
    ...{ ffmpegPath, signal, stallSeconds: 60 },
    args: pipedArguments({ address, plan }, { chunk, outputs: [{ kind: 'seam' }] }),
    onFrames: () => {},
    readers: [
      async (bytes) => {
        seam = await readSeam(bytes);
      },
    ],
  });
  return (seam as Seam | null)?.next;
}

/** Every frame, one init segment, no gap, nothing lost, and at each cut the picture of the whole source. */
async function expectRight(address: string, cut: Cut): Promise<void> {
  if ('reason' in cut) throw new Error(cut.reason);
  const { plan, chunks } = cut;
  expect(chunks.length).toBeGreaterThan(2);
  // Right at the first try: not mended by decoding from earlier.
  expect(plan.prerollSeconds).toBe(planSource(plan.media, { whole: true }).prerollSeconds);
  expect(chunks.flatMap(({ warnings }) => warnings)).toEqual([]);
  for (const { name } of plan.video) {
    const tracks = chunks.flatMap(({ report }) => report.tracks[name] ?? []);
    expect(new Set(tracks.map(({ initHash }) => initHash)).size).toBe(1);
    const segments = tracks.flatMap((track) => track.segments);
    expect(segments.reduce((sum, { samples }) => sum + samples, 0)).toBe(plan.frames);
    expect(segments.every(({ startsWithIdr }) => startsWithIdr)).toBe(true);
    let expected = 0;
    for (const { baseTime, duration } of segments) {
      expect(baseTime).toBe(expected);
      expected = baseTime + duration;
    }
  }
  const seams = chunks.map(({ report }) => report.seam);
  expect(seams.at(-1)?.next).toBeNull();
  for (const [index, seam] of seams.entries()) {
    if (index === 0) continue;
    expect(seam?.first).toBe(seams[index - 1]?.next);
    const { firstFrame } = chunkAt(plan, index);
    expect(seam?.first).toBe(await decodedFromStart(address, plan, firstFrame));
  }
  expect(chunks.filter(({ report }) => report.poster)).toHaveLength(1);
}

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-keyint_min', '1'];
const openGop = ['-x264-params', 'open-gop=1:keyint=47:min-keyint=20:bframes=5:b-adapt=0'];
const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le'];
const picture = (rate: string, seconds = 13) => [
  ...['-f', 'lavfi', '-i', `testsrc=s=160x120:r=${rate}:d=${seconds}`],
];
const tone = (seconds = 13) => [
  ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
];

type Source = {
  rate?: string;
  soundSeconds?: number;
  output?: string[];
  /** Copies what was made under the name, from a Matroska file. */
  copied?: Copied;
};

type Copied = { input?: string[]; output?: string[] };

async function make(name: string, source: Source): Promise<string> {
  const { rate = '25', soundSeconds = 13, output = [...x264, '-g', '50'], copied } = source;
  const made = copied ? path(`${name}.made.mkv`) : path(name);
  await ffmpegForTest([...picture(rate), ...tone(soundSeconds), '-c:a', 'aac', ...output, made]);
  const { input = [], output: copyOutput = [] } = copied ?? {};
  if (copied) await ffmpegForTest([...input, '-i', made, '-c', 'copy', ...copyOutput, path(name)]);
  return path(name);
}

const delayed = (seconds: string): Copied => ({
  input: ['-itsoffset', seconds],
  output: ['-copyts'],
});

describe('every chunk begins with the picture that the whole source has there', () => {
  const cases: [name: string, source: Source][] = [
    ['film-rate.mp4', { rate: '24000/1001' }],
    ['ntsc-rate.ts', { rate: '30000/1001' }],
    ['double-rate.mkv', { rate: '60000/1001' }],
    ['odd-rate.mp4', { rate: '179/6' }],
    ['halved-rate.mp4', { rate: '120' }],
    ['open-gop.mp4', { output: [...x264, ...openGop] }],
    ['open-gop.mkv', { output: [...x264, ...openGop] }],
    ['open-gop.ts', { output: [...x264, ...openGop] }],
    ['edit-list.mp4', { copied: { input: ['-ss', '1.3'] } }],
    ['negative-start.mp4', { copied: { input: ['-itsoffset', '-0.5'] } }],
    ['three-hours.ts', { copied: delayed('10800') }],
    ['clock-wraps-early.ts', { copied: delayed('95442.7') }],
    ['clock-wraps-late.ts', { copied: delayed('95436') }],
    ['ten-bit.mp4', { output: [...x265, '-x265-params', 'keyint=60:log-level=error'] }],
    ['rotated.mp4', { copied: { output: ['-metadata:s:v', 'rotate=90'] } }],
    ['less-sound.mp4', { soundSeconds: 4 }],
    ['more-sound.mp4', { soundSeconds: 15.5 }],
    ['program.mpg', { output: ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2'] }],
    ['fragments.mp4', { output: [...x264, '-g', '50', '-movflags', '+frag_keyframe+empty_moov'] }],
    ['intra.mov', { output: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'] }],
  ];
  test.each(cases)('%s', async (name, source) => {
    const address = await make(name, source);
    await expectRight(address, await encodeCut(address));
  });

  test('a sound that begins before its picture', async () => {
    const made = await make('together.mp4', {});
    const address = path('picture-later.mkv');
    const inputs = ['-itsoffset', '0.7', '-i', made, '-i', made];
    await ffmpegForTest([...inputs, '-map', '0:v', '-map', '1:a', '-c', 'copy', address]);
    await expectRight(address, await encodeCut(address));
  });

  test.each(['mp4', 'mkv', 'ts'])(
    'pictures at no constant rate, some between two frames (%s)',
    async (type) => {
      const address = path(`variable.${type}`);
      const thinned = ['-vf', "select='if(lt(n,300),not(mod(n,2)),mod(n,2))*lt(mod(n,90),80)'"];
      await ffmpegForTest([
        ...picture('60'),
        ...thinned,
        '-vsync',
        '0',
        ...x264,
        '-g',
        '150',
        address,
      ]);
      const cut = await encodeCut(address);
      await expectRight(address, cut);
      expect('plan' in cut && cut.plan.media.video.constantRate).toBe(false);
    },
  );

  test('interlaced pictures, which take their neighbours to be shown', async () => {
    const address = path('interlaced.mp4');
    const fields = ['-vf', 'tinterlace=interleave_top,setfield=tff', '-flags', '+ilme+ildct'];
    await ffmpegForTest([...picture('50'), ...fields, ...x264, '-g', '50', address]);
    const cut = await encodeCut(address);
    await expectRight(address, cut);
    expect('plan' in cut && cut.plan.prerollSeconds).toBeGreaterThan(0);
  });
});

describe('a source is encoded whole, and the reason is said', () => {
  const cases: [name: string, source: Source, reason: RegExp][] = [
    ['far-keys.mp4', { output: [...x264, '-g', '400'] }, /key frames are up to 13 s apart/],
    ['long-sound.mp4', { soundSeconds: 25 }, /sound goes on for 12 s after its last picture/],
    ['old.avi', { output: ['-c:v', 'mpeg4', '-g', '40'] }, /an AVI does not say/],
  ];
  test.each(cases)('%s', async (name, source, reason) => {
    const cut = await encodeCut(await make(name, source));
    expect(cut).toEqual({ reason: expect.stringMatching(reason) });
  });

  test('when the middle, decoded by itself, is shown otherwise', async () => {
    // Every field claims to be a key frame: a decoder that begins with a second one pairs them wrongly.
    await writeFile(path('fields.h264'), fieldPictures(210));
    const raw = ['-r', '50', '-f', 'h264', '-i', path('fields.h264')];
    await ffmpegForTest([...raw, '-c', 'copy', path('fields.ts')]);
    const cut = await encodeCut(path('fields.ts'));
    expect(cut).toEqual({ reason: expect.stringContaining('does not show the same pictures') });
  });

  test('when some of it may be missing', async () => {
    const address = await make('partial.mp4', {});
    const ffmpeg = await findFfmpeg();
    const media = await inspectSource(ffmpeg, address, { allowPartial: true, signal });
    const plan = { ...planSource(media, { whole: true }), chunkFrames: 100 };
    const verdict = await verifyCut({ ffmpeg, address, plan, signal });
    expect(verdict).toEqual({ reason: expect.stringContaining('what may be missing') });
  });
});

test('a cut that is wrong is mended by decoding from earlier', async () => {
  // Without an index, decoding begins with the next key frame: 102, while the chunk begins with 100.
  const address = await make('between-keys.ts', { output: [...x264, '-g', '51'] });
  const ffmpeg = await findFfmpeg();
  const media = await inspectSource(ffmpeg, address, { allowPartial: false, signal });
  const plan = { ...planSource(media, { whole: true }), chunkFrames: 100, prerollSeconds: 0 };
  const verdict = await verifyCut({ ffmpeg, address, plan, signal });
  const longest = (media.video.keyFrames?.mostSecondsApart ?? 0) + 1;
  expect(verdict).toEqual({ plan: { ...plan, prerollSeconds: longest } });
});

describe('pictures lost in the middle', () => {
  const damaged = async (from: number, to: number): Promise<string> => {
    const made = await make('whole.mp4', { output: [...x264, '-g', '25'] });
    const bytes = await readFile(made);
    bytes.fill(0, Math.round(bytes.length * from), Math.round(bytes.length * to));
    const name = path(`damaged-${from}.mp4`);
    await writeFile(name, bytes);
    return name;
  };

  test('a few are told by the chunk that lacks them', async () => {
    const cut = await encodeCut(await damaged(0.5, 0.51));
    if ('reason' in cut) throw new Error(cut.reason);
    const warnings = cut.chunks.map((chunk) => chunk.warnings);
    expect(warnings.flat()).toHaveLength(1);
    expect(warnings[1]).toEqual([expect.stringMatching(/^\d+ frames .* between 4.0 and 8.0 s/)]);
  });

  test('more than a second is the fault of the source', async () => {
    const cut = encodeCut(await damaged(0.35, 0.48));
    await expect(cut).rejects.toMatchObject({ code: 'source_truncated', retryable: false });
  });
});

test('a chunk and the sound are read from an object store by ranges', async () => {
  const made = await make('stored.mp4', {});
  const server = await serveRanges(made);
  try {
    await expectRight(server.address, await encodeCut(server.address));
    const ffmpeg = await findFfmpeg();
    const media = await inspectSource(ffmpeg, server.address, { allowPartial: false, signal });
    const { report } = await encodeAudio({
      ...{ ffmpeg, address: server.address, plan: planSource(media, { whole: true }), signal },
      ...{ stallSeconds: 60, onProgress: () => {}, onFile: async () => {} },
    });
    expect(report.tracks.audio?.segments).toHaveLength(4);
  } finally {
    server.close();
  }
});

test.each([1, 60])('a video of %d frames is one chunk', async (frames) => {
  const address = path(`short-${frames}.mp4`);
  await ffmpegForTest([...picture('25'), '-frames:v', `${frames}`, ...x264, address]);
  const ffmpeg = await findFfmpeg();
  const media = await inspectSource(ffmpeg, address, { allowPartial: false, signal });
  const plan = planSource(media, { whole: false });
  expect(chunkCount(plan)).toBe(1);
  expect(await verifyCut({ ffmpeg, address, plan, signal })).toEqual({ plan });
});
