import { parseRational, rational, toNumber } from '../rational.ts';
import { type ProbedPacket, type ProbedStream, probePackets } from './ffprobe.ts';

/** What the packets of the chosen streams tell. */
export type Counted = {
  /** Presentation times, ascending, of the pictures from the first key frame on. */
  videoTicks: number[];
  lastVideoDuration: number | null;
  audioStart: number | null;
  audioEnd: number | null;
  /** The end of the last packet of any stream. */
  endSeconds: number;
  /** Where the clock of the picture or the sound first jumps back, in seconds; null if it never does. */
  jumpSeconds: number | null;
};

/** Reordered packets without decoding times may step back a little. */
const smallestJumpSeconds = 1;

/** Reads every packet of the source once. */
export async function countPackets(
  run: Parameters<typeof probePackets>[0],
  streams: readonly ProbedStream[],
  chosen: { video: ProbedStream; audio: ProbedStream | undefined },
): Promise<Counted> {
  const seconds = new Map<number, number>();
  for (const { index, time_base } of streams)
    seconds.set(index, toNumber(parseRational(time_base) ?? rational(1, 1)));
  const counted: Counted = {
    videoTicks: [],
    lastVideoDuration: null,
    audioStart: null,
    audioEnd: null,
    endSeconds: 0,
    jumpSeconds: null,
  };
  const clocks = new Map<number, number>();
  let firstKeyTick: number | null = null;
  let lastTick = Number.NEGATIVE_INFINITY;
  await probePackets(run, ({ streamIndex, pts, dts, duration, isKey, discarded }: ProbedPacket) => {
    const second = seconds.get(streamIndex);
    if (pts === null || dts === null || second === undefined) return;
    const isChosen = streamIndex === chosen.video.index || streamIndex === chosen.audio?.index;
    const clock = dts * second;
    if (isChosen && (clocks.get(streamIndex) ?? clock) - clock > smallestJumpSeconds)
      counted.jumpSeconds ??= clocks.get(streamIndex) ?? null;
    clocks.set(streamIndex, clock);
    if (isKey && streamIndex === chosen.video.index) firstKeyTick ??= pts;
    if (discarded) return;
    const start = pts * second;
    const end = start + (duration ?? 0) * second;
    counted.endSeconds = Math.max(counted.endSeconds, end);
    if (streamIndex === chosen.video.index) {
      // What precedes the first key frame, in the file or on the screen, cannot be decoded.
      if (firstKeyTick === null || pts < firstKeyTick) return;
      counted.videoTicks.push(pts);
      if (pts >= lastTick) {
        lastTick = pts;
        counted.lastVideoDuration = duration;
      }
    } else if (streamIndex === chosen.audio?.index) {
      counted.audioStart = Math.min(counted.audioStart ?? start, start);
      counted.audioEnd = Math.max(counted.audioEnd ?? end, end);
    }
  });
  counted.videoTicks.sort((a, b) => a - b);
  return counted;
}
