import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ffmpegForTest, makeClip } from '@spillway/media/testing';
import { acceptedOrder, orderEnd, orderWhen } from '../../test/support/orders.ts';
import { countPrograms, startSpillway } from '../../test/support/spillway.ts';
import type { Options } from '../chunked.ts';
import type { Measure } from '../run.ts';
import { round } from '../support/statistics.ts';

const MINUTES = [1, 10, 120];
const MARGIN_SECONDS = 2;

/** The same minute again and again, its packets as they are, without a gap in picture or sound. */
async function repeated(minute: string, times: number, folder: string): Promise<string> {
  const copy = ['-stream_loop', String(times - 1), '-i'];
  const [picture, sound] = [join(folder, 'picture.mp4'), join(folder, 'sound.aac')];
  await ffmpegForTest(['-i', minute, '-c', 'copy', '-vn', join(folder, 'minute.aac')]);
  await ffmpegForTest(['-i', minute, '-c', 'copy', '-an', join(folder, 'minute.mp4')]);
  await ffmpegForTest([...copy, join(folder, 'minute.mp4'), '-c', 'copy', picture]);
  await ffmpegForTest([...copy, join(folder, 'minute.aac'), '-c', 'copy', sound]);
  const path = join(folder, `${times}-minutes.mp4`);
  const film = ['-i', picture, '-i', sound, '-c', 'copy', '-bsf:a', 'aac_adtstoasc'];
  // Its whole AAC frames make the sound of a minute a little longer than a minute.
  await ffmpegForTest([...film, '-t', String(times * 60), path]);
  return path;
}

interface Jobs {
  readonly jobs: readonly {
    readonly kind: string;
    readonly index: number;
    readonly attempts: readonly { readonly startedAt: string; readonly endedAt: string | null }[];
  }[];
}

/** How long the order's first chunk took, or the whole where there are no chunks. */
async function firstChunkSeconds(api: string, id: string): Promise<number> {
  const { jobs } = (await (await fetch(`${api}/v1/orders/${id}/jobs`)).json()) as Jobs;
  const first =
    jobs.find(({ kind, index }) => kind === 'encode-chunk' && index === 0) ??
    jobs.find(({ kind }) => kind === 'prepare');
  const attempt = first?.attempts.find(({ endedAt }) => endedAt !== null);
  if (!attempt?.endedAt) throw new Error('the first chunk has not ended');
  return (Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt)) / 1000;
}

/** From the order's acceptance to its first playable moment, for sources of very different lengths. */
export async function timesToPlayable({ folder }: Options): Promise<Measure[]> {
  const minute = await makeClip({ seconds: 60, width: 1280, height: 720, fps: 30, folder });
  const spillway = await startSpillway(join(folder, 'data'), { SPILLWAY_LOG_LEVEL: 'warn' });
  const measures: Measure[] = [];
  try {
    for (const minutes of MINUTES) {
      const source = await repeated(minute, minutes, folder);
      const { id } = await acceptedOrder(spillway.url, {
        source: { url: pathToFileURL(source).href },
      });
      const { createdAt, playableAt } = await orderWhen(
        spillway.url,
        id,
        (order) => order.playableAt !== null,
      );
      const seconds = (Date.parse(playableAt ?? '') - Date.parse(createdAt)) / 1000;
      const chunk = await firstChunkSeconds(spillway.url, id);
      await fetch(`${spillway.url}/v1/orders/${id}/cancel`, { method: 'POST' });
      await orderEnd(spillway.url, id);
      // A worker notices within seconds; the next film begins on a machine at rest.
      while (countPrograms(spillway.pid, 'ffmpeg') > 0) await wait(100);
      measures.push({
        measure: `from 202 to playable, ${minutes} min of 720p`,
        value: round(seconds, 2),
        unit: 's',
        baseline: round(chunk, 2),
        bar: `at most the baseline, its first chunk, and ${MARGIN_SECONDS} s`,
        ok: seconds <= chunk + MARGIN_SECONDS,
      });
    }
  } finally {
    await spillway.stop();
  }
  return measures;
}
