import type { SegmentReport, TrackReport } from '@spillway/contracts';
import { boxesIn } from '../boxes.ts';
import { bytesInMemory } from '../source/bytes.ts';
import { readSegment, readTrackHeader, type TrackHeader } from './track.ts';

/** Far more than a segment of the largest picture; beyond it the stream is not ours. */
const mostBoxBytes = 512 * 1024 * 1024;

/** The boxes of a stream, each as soon as it is whole; throws a RangeError when the last is cut off. */
async function* streamBoxes(
  stream: AsyncIterable<Buffer>,
): AsyncGenerator<{ type: string; bytes: Buffer }> {
  let parts: Buffer[] = [];
  let length = 0;
  let needed = 8;
  for await (const part of stream) {
    parts.push(part);
    length += part.length;
    while (length >= needed) {
      const joined = Buffer.concat(parts);
      const size = joined.readUInt32BE(0);
      if (size < 8 || size > mostBoxBytes) throw new RangeError(`A box has ${size} bytes.`);
      if (length >= size)
        yield { type: joined.toString('latin1', 4, 8), bytes: joined.subarray(0, size) };
      const rest = length >= size ? joined.subarray(size) : joined;
      needed = length >= size ? 8 : size;
      parts = [rest];
      length = rest.length;
    }
  }
  if (length > 0) throw new RangeError('A box is cut off.');
}

async function reportSegment(bytes: Buffer, isVideo: boolean): Promise<SegmentReport> {
  const [moof] = boxesIn(bytes, 0, bytes.length);
  if (!moof) throw new RangeError('A segment has no moof.');
  const { start: _, ...report } = await readSegment(bytesInMemory(bytes), moof, isVideo);
  return { ...report, bytes: bytes.length };
}

/** Takes the init segment, then the segments, which count from 0. */
export type WriteTrack = (what: 'init' | number, bytes: Buffer) => Promise<void>;

/**
 * Cuts a fragmented MP4 of one track into its segments while it is written, and says what is in them.
 * Throws a RangeError when it is not whole.
 */
export async function readTrackStream(
  stream: AsyncIterable<Buffer>,
  write: WriteTrack,
): Promise<TrackReport> {
  let header: TrackHeader | undefined;
  let waiting: Buffer[] = [];
  const segments: SegmentReport[] = [];
  for await (const { type, bytes } of streamBoxes(stream)) {
    waiting.push(bytes);
    if (type !== 'moov' && type !== 'mdat') continue;
    const whole = Buffer.concat(waiting);
    waiting = [];
    if (type === 'moov') {
      header = readTrackHeader(whole);
      await write('init', whole);
    } else {
      if (!header) throw new RangeError('Media data comes before the moov.');
      segments.push(await reportSegment(whole, header.isVideo));
      await write(segments.length - 1, whole);
    }
  }
  if (!header || waiting.length > 0) throw new RangeError('The track is cut off.');
  return { ...header, segments };
}
