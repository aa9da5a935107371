// A film in chunks through the whole system, against one ffmpeg with the worker's settings, in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chunkAt, chunkCount, type EncodePlan, type Order } from '@spillway/contracts';
import { findFfmpeg, inspectSource, planSource } from '@spillway/media';
import { ffmpegForTest } from '@spillway/media/testing';
import { acceptedOrder, orderEnd } from '../../test/support/orders.ts';
import { cpuSecondsOf, startSpillway } from '../../test/support/spillway.ts';
import type { Options } from '../chunked.ts';
import type { Measure } from '../run.ts';
import { bareArguments } from '../support/bare-ffmpeg.ts';
import { round } from '../support/statistics.ts';

const SECONDS = 300;
const FRAMES_PER_SECOND = 30;

interface Encode {
  readonly wall: number;
  readonly cpu: number;
  /** Of the pictures, all renditions. */
  readonly bytes: number;
  /** Of the best rendition. */
  readonly frames: number;
  /** Similarity to the source of each frame of the best rendition. */
  readonly ssim: readonly number[];
}

/** Moving patterns under film grain: something to lose at every quality. */
async function madeFilm(folder: string): Promise<string> {
  const path = join(folder, 'film.mp4');
  const picture = `testsrc2=size=1280x720:rate=${FRAMES_PER_SECOND}:duration=${SECONDS}`;
  await ffmpegForTest([
    ...['-f', 'lavfi', '-i', `${picture},noise=alls=2:allf=t`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${SECONDS}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-g', '60', '-c:a', 'aac', path],
  ]);
  return path;
}

async function similarity(encoded: string, source: string, folder: string): Promise<number[]> {
  const stats = join(folder, 'ssim.txt');
  const anew = 'setpts=N/TB/30';
  await ffmpegForTest([
    ...['-v', 'error', '-i', encoded, '-i', source, '-lavfi'],
    `[0:v]${anew}[a];[1:v]${anew}[b];[a][b]ssim=stats_file=${stats}`,
    ...['-an', '-f', 'null', '-'],
  ]);
  const text = await readFile(stats, 'utf8');
  return [...text.matchAll(/All:([\d.]+)/g)].map(([, all]) => Number(all));
}

async function oneFfmpeg(film: string, folder: string): Promise<Encode> {
  const out = join(folder, 'whole');
  const { ffmpegPath, args } = await bareArguments(film, out);
  const cpuBefore = cpuSecondsOf(process.pid);
  const start = performance.now();
  const [code] = await once(spawn(ffmpegPath, args, { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error(`the bare ffmpeg failed (${code})`);
  const wall = (performance.now() - start) / 1000;
  const cpu = cpuSecondsOf(process.pid) - cpuBefore;
  const videos = (await readdir(out)).filter((name) => /^\d+p\.mp4$/.test(name));
  const sizes = await Promise.all(videos.map(async (name) => (await stat(join(out, name))).size));
  const ssim = await similarity(join(out, '720p.mp4'), film, folder);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { wall, cpu, bytes, frames: ssim.length, ssim };
}

async function inChunks(film: string, folder: string): Promise<Encode & { order: Order }> {
  const spillway = await startSpillway(join(folder, 'data'), { SPILLWAY_LOG_LEVEL: 'warn' });
  try {
    const cpuBefore = spillway.cpuSeconds();
    const start = performance.now();
    const source = { url: pathToFileURL(film).href };
    const { id } = await acceptedOrder(spillway.url, { source });
    const order = await orderEnd(spillway.url, id);
    const wall = (performance.now() - start) / 1000;
    const cpu = spillway.cpuSeconds() - cpuBefore;
    const [best] = order.renditions;
    if (order.status !== 'completed' || !best)
      throw new Error(`the order ${order.status}: ${order.error?.message}`);
    const playlist = `${spillway.url}/v1/orders/${id}/playback/${best.name}/playlist.m3u8`;
    const ssim = await similarity(playlist, film, folder);
    const bytes = order.renditions.reduce((sum, rendition) => sum + rendition.bytes, 0);
    return { wall, cpu, bytes, frames: best.frames, ssim, order };
  } finally {
    await spillway.stop();
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The most by which a segment on either side of a seam is less like the source than the same of one ffmpeg. */
function worstBesideSeam(plan: EncodePlan, chunked: Encode, whole: Encode): number {
  let worst = 0;
  for (let index = 1; index < chunkCount(plan); index += 1) {
    const { firstFrame } = chunkAt(plan, index);
    for (const from of [firstFrame - plan.gopFrames, firstFrame]) {
      const of = ({ ssim }: Encode) => mean(ssim.slice(from, from + plan.gopFrames));
      worst = Math.max(worst, of(whole) - of(chunked));
    }
  }
  return worst;
}

export async function againstOneFfmpeg({ folder, source }: Options): Promise<Measure[]> {
  const film = source ?? (await madeFilm(folder));
  const { signal } = new AbortController();
  const media = await inspectSource(await findFfmpeg(), film, { allowPartial: false, signal });
  const plan = planSource(media, { whole: false });
  const whole = await oneFfmpeg(film, folder);
  const chunked = await inChunks(film, folder);
  const what = `${round(media.durationSeconds, 0)} s of 720p in ${chunkCount(plan)} chunks`;
  const compare = (
    measure: string,
    unit: string,
    of: (encode: Encode) => number,
    most: number,
  ) => ({
    measure: `${measure} of ${what}`,
    value: round(of(chunked), 2),
    unit,
    baseline: round(of(whole), 2),
    bar: `at most ${most} of the baseline, one ffmpeg`,
    ok: of(chunked) <= most * of(whole),
  });
  const ssimLoss = mean(whole.ssim) - mean(chunked.ssim);
  const atSeams = worstBesideSeam(plan, chunked, whole);
  const sizeRatio = chunked.bytes / whole.bytes;
  return [
    compare('cpu', 's', ({ cpu }) => cpu, 1.05),
    compare('wall', 's', ({ wall }) => wall, 1.05),
    {
      measure: `size of ${what}`,
      ...{ value: chunked.bytes, unit: 'bytes', baseline: whole.bytes },
      ...{ bar: 'within 2 % of the baseline', ok: Math.abs(sizeRatio - 1) <= 0.02 },
    },
    {
      measure: `frames of ${what}`,
      ...{ value: chunked.frames, unit: 'frames', baseline: whole.frames },
      ...{ bar: 'equal', ok: chunked.frames === whole.frames },
    },
    {
      measure: `SSIM of ${what}`,
      ...{
        value: round(mean(chunked.ssim), 5),
        unit: 'SSIM',
        baseline: round(mean(whole.ssim), 5),
      },
      ...{ bar: 'within 0.0005 of the baseline', ok: Math.abs(ssimLoss) <= 0.0005 },
    },
    {
      measure: 'most SSIM lost by a segment beside a seam',
      ...{ value: round(atSeams, 5), unit: 'SSIM', baseline: null },
      ...{ bar: 'at most 0.002', ok: atSeams <= 0.002 },
    },
  ];
}
