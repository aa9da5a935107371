import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

// A segment is one file of the log, filled with zeros before use: overwriting written blocks costs no
// file system journal, which halves the time of a durable write (docs/adr/0002-broker-store.md).

export const segmentHeaderBytes = 32;
/** A file being filled with zeros; left behind by a crash it is simply filled again. */
export const preparedName = 'prepared';
const magic = 'SPWLBRKR';

/** Version of the folder's format. A folder written by a newer version is refused. */
export const formatVersion = 1;

/** Zeros. A disk that becomes full takes a part of them without an error: only the next write fails. */
const chunk = Buffer.alloc(1024 * 1024);

export interface Segment {
  number: number;
  path: string;
  fd: number;
  bytes: number;
  /** Where the last record ends, once no more are added. */
  used?: number;
}

/** What the first bytes of a segment say; `undefined` when they were never written. */
export interface SegmentHeader {
  number: number;
  nextSequence: number;
}

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.log`);
}

export function segmentHeader(
  number: number,
  nextSequence: number,
  version = formatVersion,
): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes);
  header.write(magic, 0, 'latin1');
  header.writeUInt32LE(version, 8);
  header.writeUInt32LE(number, 12);
  header.writeDoubleLE(nextSequence, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 24)), 24);
  return header;
}

/** @throws Error when the header is damaged or of a newer format. */
export function readSegmentHeader(content: Buffer): SegmentHeader | undefined {
  const header = content.subarray(0, segmentHeaderBytes);
  if (header.length < segmentHeaderBytes || header.every((byte) => byte === 0)) return undefined;
  const whole =
    header.toString('latin1', 0, 8) === magic &&
    header.readUInt32LE(24) === crc32(header.subarray(0, 24));
  if (!whole) throw new Error('the header of the segment is damaged');
  const version = header.readUInt32LE(8);
  if (version > formatVersion) {
    throw new Error(`the segment has format ${version}, this broker knows up to ${formatVersion}`);
  }
  return { number: header.readUInt32LE(12), nextSequence: header.readDoubleLE(16) };
}

function writeFlags(durable: boolean): number {
  return constants.O_RDWR | (durable ? constants.O_DSYNC : 0);
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Makes a segment of zeros and waits for it: at start, and when none could be prepared in time.
 * @throws the system's error (disk full); no part of a file is left then
 */
export function createSegmentNow(
  folder: string,
  number: number,
  bytes: number,
  durable: boolean,
): Segment {
  const path = segmentPath(folder, number);
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o600);
  try {
    for (let at = 0; at < bytes; ) {
      at += writeSync(fd, chunk, 0, Math.min(chunk.length, bytes - at), at);
    }
    if (durable) fdatasyncSync(fd);
  } catch (error) {
    rmSync(path);
    throw error;
  } finally {
    closeSync(fd);
  }
  if (durable) syncFolder(folder);
  return { number, path, bytes, fd: openSync(path, writeFlags(durable)) };
}

/**
 * Fills a file with zeros while the broker works, under a name that is not a segment's: only
 * {@link adoptPrepared} makes it one, so a segment made in haste meanwhile is never overwritten.
 */
export async function prepareSegment(path: string, bytes: number, durable: boolean): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for (let at = 0; at < bytes; ) {
      at += (await file.write(chunk, 0, Math.min(chunk.length, bytes - at), at)).bytesWritten;
    }
    if (durable) await file.datasync();
  } finally {
    await file.close();
  }
}

/** Turns a prepared file into segment `number`. */
export function adoptPrepared(
  prepared: string,
  folder: string,
  number: number,
  bytes: number,
  durable: boolean,
): Segment {
  const path = segmentPath(folder, number);
  renameSync(prepared, path);
  if (durable) syncFolder(folder);
  return { number, path, bytes, fd: openSync(path, writeFlags(durable)) };
}
