import { parseRational, rational, toNumber } from '../rational.ts';
import { type ProbedPacket, type ProbedStream, probePackets } from './ffprobe.ts';
import { KeyFrameDistance } from './key-frames.ts';
import { checkFrames } from './limits.ts';
import { PictureTimes } from './picture-times.ts';

/** What the packets of the chosen streams tell. */
export type Counted = {
  /** Presentation times, ascending, of the pictures from the first key frame on. */
  videoTicks: number[];
  lastVideoDuration: number | null;
  /** In ticks. */
  keyFrames: { mostApart: number; open: boolean };
  audioStart: number | null;
  audioEnd: number | null;
  /** Of the first packet of any stream, where that is before 0; else 0. */
  startSeconds: number;
  /** The end of the last packet of any stream; of data, only its beginning. */
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
  const tickSeconds = new Map<number, number>();
  const data = new Set<number>();
  for (const { index, time_base, codec_type } of streams) {
    tickSeconds.set(index, toNumber(parseRational(time_base) ?? rational(1, 1)));
    if (codec_type === 'data') data.add(index);
  }
  const counted: Omit<Counted, 'videoTicks' | 'lastVideoDuration' | 'keyFrames'> = {
    audioStart: null,
    audioEnd: null,
    startSeconds: 0,
    endSeconds: 0,
    jumpSeconds: null,
  };
  const clocks = new Map<number, number>();
  const pictures = new PictureTimes();
  const keyFrames = new KeyFrameDistance();
  let firstKeyTick: number | null = null;
  await probePackets(run, (packet: ProbedPacket) => {
    const { streamIndex, duration, isKey, discarded } = packet;
    const second = tickSeconds.get(streamIndex);
    const pts = packet.pts ?? packet.dts;
    const dts = packet.dts ?? packet.pts;
    if (pts === null || dts === null || second === undefined) return;
    const isChosen = streamIndex === chosen.video.index || streamIndex === chosen.audio?.index;
    const clock = dts * second;
    if (isChosen && (clocks.get(streamIndex) ?? clock) - clock > smallestJumpSeconds)
      counted.jumpSeconds ??= clocks.get(streamIndex) ?? null;
    clocks.set(streamIndex, clock);
    if (streamIndex === chosen.video.index) {
      if (isKey) firstKeyTick ??= pts;
      keyFrames.add(pts, packet.pts !== null, isKey);
    }
    if (discarded) return;
    const start = pts * second;
    // The one packet of a timecode track may claim the whole length of a file that was cut off.
    const end = data.has(streamIndex) ? start : start + (duration ?? 0) * second;
    counted.startSeconds = Math.min(counted.startSeconds, start);
    counted.endSeconds = Math.max(counted.endSeconds, end);
    if (streamIndex === chosen.video.index) {
      // What precedes the first key frame, in the file or on the screen, cannot be decoded.
      if (firstKeyTick === null || pts < firstKeyTick) return;
      pictures.add(packet.pts, dts, duration);
      checkFrames(pictures.packets);
    } else if (streamIndex === chosen.audio?.index) {
      counted.audioStart = Math.min(counted.audioStart ?? start, start);
      counted.audioEnd = Math.max(counted.audioEnd ?? end, end);
    }
  });
  return {
    ...counted,
    videoTicks: pictures.ticks(),
    lastVideoDuration: pictures.lastDuration,
    keyFrames: keyFrames.measured(),
  };
}
