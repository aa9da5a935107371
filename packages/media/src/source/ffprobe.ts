import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { JobError } from '@spillway/contracts';
import * as z from 'zod';
import { ffmpegEnvironment } from '../config.ts';
import { inputArguments } from '../ffmpeg/arguments.ts';
import { limits } from '../settings.ts';

/** What this package uses of `ffprobe -show_streams -show_format -of json`. */
const Stream = z.object({
  index: z.int(),
  codec_name: z.string().default('unknown'),
  codec_type: z.string().default('unknown'),
  codec_tag_string: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  field_order: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  nb_frames: z.coerce.number().optional(),
  sample_rate: z.coerce.number().optional(),
  channels: z.number().optional(),
  disposition: z.record(z.string(), z.number()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  side_data_list: z
    .array(
      z.object({
        side_data_type: z.string().optional(),
        rotation: z.number().optional(),
        dv_profile: z.number().optional(),
      }),
    )
    .default([]),
});
export type ProbedStream = z.infer<typeof Stream>;

const Probe = z.object({
  streams: z.array(Stream).default([]),
  format: z.object({ format_name: z.string(), duration: z.coerce.number().optional() }).optional(),
});
export type Probe = z.infer<typeof Probe>;

/** One packet as `-show_packets` tells it; times in ticks of the stream's time base, null if unknown. */
export type ProbedPacket = {
  streamIndex: number;
  pts: number | null;
  /** Goes back only where a source was put together from parts. */
  dts: number | null;
  duration: number | null;
  isKey: boolean;
  /** Hidden by an edit list. */
  discarded: boolean;
};

type RunFfprobe = { ffprobePath: string; address: string; signal: AbortSignal };

export class FfprobeFailure extends Error {}

/**
 * Runs ffprobe without a shell and hands over its lines, until `onLine` throws. Rejects with that,
 * with an `FfprobeFailure` holding ffprobe's words, with a JobError when it hangs, or with
 * `signal.reason`.
 */
async function runFfprobe(
  { ffprobePath, address, signal }: RunFfprobe,
  show: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  signal.throwIfAborted();
  const args = ['-hide_banner', '-v', 'error', ...show, ...inputArguments(address)];
  const child = spawn(ffprobePath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: ffmpegEnvironment(),
  });
  const closed = once(child, 'close');
  let stalled = false;
  let said = '';
  const timer = setTimeout(() => {
    stalled = true;
    child.kill('SIGKILL');
  }, limits.probeStallSeconds * 1000);
  const onAbort = () => child.kill('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4096);
  });
  let refusal: unknown;
  createInterface(child.stdout).on('line', (line) => {
    timer.refresh();
    if (refusal !== undefined) return;
    try {
      onLine(line);
    } catch (error) {
      refusal = error;
      child.kill('SIGKILL');
    }
  });
  try {
    const [code, killedBy] = await closed;
    signal.throwIfAborted();
    if (refusal !== undefined) throw refusal;
    if (stalled)
      throw new JobError('encode_stalled', 'Reading the source made no progress and was ended.');
    if (killedBy)
      throw new JobError(
        'encode_failed',
        `ffprobe ended with ${killedBy} while it read the source.`,
      );
    if (code !== 0) throw new FfprobeFailure(said.trim());
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

export async function probe(run: RunFfprobe): Promise<Probe> {
  const lines: string[] = [];
  await runFfprobe(run, ['-show_streams', '-show_format', '-of', 'json'], (line) =>
    lines.push(line),
  );
  return Probe.parse(JSON.parse(lines.join('\n')));
}

const ticks = (text: string | undefined): number | null =>
  text === undefined || text === 'N/A' || text === '' ? null : Number(text);

/** Reads every packet's header, without decoding: the only exact count that every container has. */
export const probePackets = (
  run: RunFfprobe,
  onPacket: (packet: ProbedPacket) => void,
): Promise<void> =>
  runFfprobe(
    run,
    ['-show_entries', 'packet=stream_index,pts,dts,duration,flags', '-of', 'csv=p=0'],
    (line) => {
      const [stream, pts, dts, duration, flags = ''] = line.split(',');
      if (!/^\d+$/.test(stream ?? '')) return;
      onPacket({
        streamIndex: Number(stream),
        pts: ticks(pts),
        dts: ticks(dts),
        duration: ticks(duration),
        isKey: flags.includes('K'),
        discarded: flags.includes('D'),
      });
    },
  );
