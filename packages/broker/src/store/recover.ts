import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import type { BrokerEvent } from '../options.ts';
import { frames } from './frames.ts';
import { positionStride } from './log.ts';
import { decodeRecord, type RecordSink } from './records.ts';
import {
  preparedName,
  readSegmentHeader,
  type SegmentHeader,
  segmentHeaderBytes,
} from './segment.ts';

/** What was found on disk. */
export interface Recovered {
  segments: { number: number; path: string }[];
  /** No number below this was given out and forgotten. */
  nextSequence: number;
}

/**
 * Reads the whole log of `folder` into `sink`, oldest record first, cuts every segment to what is
 * whole, and reports damage through `log`. Damage costs what it touched, never what can still be read.
 */
export function recover(
  folder: string,
  sink: RecordSink,
  log: (event: BrokerEvent) => void,
): Recovered {
  const names = readdirSync(folder).sort();
  if (names.includes(preparedName)) unlinkSync(join(folder, preparedName));
  let buffer = Buffer.alloc(0);
  const segments = names
    .filter((name) => /^\d{8}\.log$/.test(name))
    .flatMap((name) => begunSegment(join(folder, name)));
  for (const [index, segment] of segments.entries()) {
    const expected = (segments[index - 1]?.number ?? segment.number - 1) + 1;
    if (segment.number !== expected) {
      const details = { folder, from: expected, to: segment.number - 1 };
      log({ level: 'error', message: 'segments of the log are missing', details });
    }
    const { size } = statSync(segment.path);
    if (buffer.length < size) buffer = Buffer.allocUnsafe(size);
    const content = readWhole(segment.path, buffer.subarray(0, size));
    readSegment(segment, content, segment !== segments.at(-1), sink, log);
  }
  const nextSequence = Math.max(1, ...segments.map((segment) => segment.nextSequence));
  return { segments, nextSequence };
}

interface BegunSegment extends SegmentHeader {
  path: string;
}

/**
 * The segment with its header; none when it was prepared and never used, and then the file goes.
 * @throws Error that names the file when its header is damaged or of a newer format
 */
function begunSegment(path: string): BegunSegment[] {
  try {
    const header = readSegmentHeader(readWhole(path, Buffer.alloc(segmentHeaderBytes)));
    if (header) return [{ path, ...header }];
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
  unlinkSync(path);
  return [];
}

function readWhole(path: string, into: Buffer): Buffer {
  const fd = openSync(path, 'r');
  try {
    let at = 0;
    while (at < into.length) {
      const read = readSync(fd, into, at, into.length - at, at);
      if (read === 0) break;
      at += read;
    }
    return into.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}

function readSegment(
  { path, number }: BegunSegment,
  content: Buffer,
  sealed: boolean,
  sink: RecordSink,
  log: (event: BrokerEvent) => void,
): void {
  const base = number * positionStride;
  const scanned = frames(content, segmentHeaderBytes, sealed);
  let frame = scanned.next();
  for (; !frame.done; frame = scanned.next()) {
    decodeRecord(frame.value.payload, base + frame.value.offset, sink);
  }
  const scan = frame.value;
  if (scan.damagedBytes > 0) {
    const details = { path, damagedBytes: scan.damagedBytes, wholeBytes: scan.end };
    log({ level: 'warn', message: 'damaged or half-written records were left out', details });
  }
  if (scan.end < content.length) cut(path, scan.end);
}

function cut(path: string, bytes: number): void {
  const fd = openSync(path, 'r+');
  try {
    ftruncateSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
