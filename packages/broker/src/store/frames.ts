import { crc32 } from 'node:zlib';

// A frame is one record on disk: payload length (u32), CRC-32 (u32), how far the segment was surely on
// disk when the frame was made (u32), payload. Segments are zeros before they are written, so a length
// of 0 means "nothing was written from here on".

export const frameHeaderBytes = 12;

/** Larger than any honest record: 1 MiB of message, its attributes as JSON (every byte may be escaped). */
export const maxPayloadBytes = 16 * 1024 * 1024;

/** Writes `payload` as a frame into `target` at `at`; the caller has made room. */
export function writeFrame(target: Buffer, at: number, payload: Buffer, settled: number): void {
  target.writeUInt32LE(payload.length, at);
  target.writeUInt32LE(crc32(payload, settled), at + 4);
  target.writeUInt32LE(settled, at + 8);
  payload.copy(target, at + frameHeaderBytes);
}

/** Where the whole frame at `at` ends; undefined when there is none, or a damaged one. */
export function validPayloadEnd(buffer: Buffer, at: number): number | undefined {
  if (at + frameHeaderBytes > buffer.length) return undefined;
  const length = buffer.readUInt32LE(at);
  const start = at + frameHeaderBytes;
  const end = start + length;
  if (length === 0 || length > maxPayloadBytes || end > buffer.length) return undefined;
  const checksum = crc32(buffer.subarray(start, end), buffer.readUInt32LE(at + 8));
  return checksum === buffer.readUInt32LE(at + 4) ? end : undefined;
}

/** One whole record: its payload, and where its frame begins. */
export interface Frame {
  offset: number;
  payload: Buffer;
}

/** What a scan found: where the last whole frame ends, and the bytes that are not data. */
export interface ScanResult {
  end: number;
  damagedBytes: number;
}

/**
 * Every whole frame from `at` on. Bytes that are none are skipped when it is known that they had been on
 * disk: then they decayed, and do not cost the rest. It is known of all of a segment that another one
 * follows (`sealed`), and where a whole frame behind says so. Otherwise they are the end that a crash
 * left, and whatever follows was answered to nobody: it counts as damaged.
 */
export function* frames(buffer: Buffer, at: number, sealed: boolean): Generator<Frame, ScanResult> {
  let offset = at;
  let damagedBytes = 0;
  for (;;) {
    const end = validPayloadEnd(buffer, offset);
    if (end !== undefined) {
      yield { offset, payload: buffer.subarray(offset + frameHeaderBytes, end) };
      offset = end;
      continue;
    }
    const next = frameAfterDecay(buffer, offset, sealed);
    if (next === undefined) {
      return { end: offset, damagedBytes: damagedBytes + writtenBytes(buffer, offset) };
    }
    damagedBytes += next - offset;
    offset = next;
  }
}

/**
 * The first whole frame behind the bad bytes at `bad`, when these had been on disk. A frame that was made
 * while they were being written does not know that yet, so it may be a later one that says so.
 */
function frameAfterDecay(buffer: Buffer, bad: number, sealed: boolean): number | undefined {
  const end = bad + writtenBytes(buffer, bad);
  let first: number | undefined;
  let at = bad + 1;
  while (at + frameHeaderBytes < end) {
    const settled = buffer.readUInt32LE(at + 8);
    const frameEnd = settled <= at ? validPayloadEnd(buffer, at) : undefined;
    if (frameEnd === undefined) {
      at += 1;
      continue;
    }
    first ??= at;
    if (sealed || settled > bad) return first;
    at = frameEnd;
  }
  return undefined;
}

const zeros = Buffer.alloc(64 * 1024);

/** Bytes from `from` up to the last one that is not zero. */
function writtenBytes(buffer: Buffer, from: number): number {
  let end = buffer.length;
  while (end - from >= zeros.length && buffer.subarray(end - zeros.length, end).equals(zeros)) {
    end -= zeros.length;
  }
  while (end > from && buffer[end - 1] === 0) end -= 1;
  return end - from;
}
