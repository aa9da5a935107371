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
import { preparedName, readSegmentHeader, segmentHeaderBytes } from './segment.ts';

/** What was found on disk. */
export interface Recovered {
  segments: { number: number; path: string }[];
  /** No number below this was given out and forgotten. */
  nextSequence: number;
  records: number;
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
  const found: Recovered = { segments: [], nextSequence: 1, records: 0 };
  const names = readdirSync(folder).sort();
  if (names.includes(preparedName)) unlinkSync(join(folder, preparedName));
  let buffer = Buffer.alloc(0);
  for (const name of names.filter((candidate) => /^\d{8}\.log$/.test(candidate))) {
    const path = join(folder, name);
    const { size } = statSync(path);
    if (buffer.length < size) buffer = Buffer.allocUnsafe(size);
    recoverSegment(path, readWhole(path, buffer.subarray(0, size)), sink, log, found);
  }
  return found;
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

function recoverSegment(
  path: string,
  content: Buffer,
  sink: RecordSink,
  log: (event: BrokerEvent) => void,
  found: Recovered,
): void {
  const header = readSegmentHeader(content);
  if (!header) {
    unlinkSync(path); // prepared, never used
    return;
  }
  found.nextSequence = Math.max(found.nextSequence, header.nextSequence);
  const base = header.number * positionStride;
  const scanned = frames(content, segmentHeaderBytes);
  let frame = scanned.next();
  for (; !frame.done; frame = scanned.next()) {
    decodeRecord(frame.value.payload, base + frame.value.offset, sink);
    found.records += 1;
  }
  const scan = frame.value;
  if (scan.damagedBytes > 0) {
    const details = { path, damagedBytes: scan.damagedBytes, wholeBytes: scan.end };
    log({ level: 'warn', message: 'damaged or half-written records were left out', details });
  }
  if (scan.end < content.length) cut(path, scan.end);
  found.segments.push({ number: header.number, path });
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
