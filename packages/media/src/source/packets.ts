import { parseRational, rational, toNumber } from '../rational.ts';
import { type ProbedPacket, type ProbedStream, probePackets } from './ffprobe.ts';

/** What the packets of the chosen streams tell. */
export type Counted = {
  videoTicks: number[];
  lastVideoDuration: number | null;
  audioStart: number | null;
  audioEnd: number | null;
  /** The end of the last packet of any stream. */
  endSeconds: number;
};

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
  };
  let lastTick = Number.NEGATIVE_INFINITY;
  await probePackets(run, ({ streamIndex, pts, duration, discarded }: ProbedPacket) => {
    const second = seconds.get(streamIndex);
    if (pts === null || discarded || second === undefined) return;
    const start = pts * second;
    const end = start + (duration ?? 0) * second;
    counted.endSeconds = Math.max(counted.endSeconds, end);
    if (streamIndex === chosen.video.index) {
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
