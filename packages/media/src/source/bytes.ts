import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { JobError } from '@spillway/contracts';

/** Random access to a source or a finished file. */
export type ByteSource = {
  size: number;
  /** Fewer bytes than asked for only at the end. */
  read(start: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
};

/** One read of this size holds all that matters of a short clip. */
const windowBytes = 64 * 1024;

type ReadRange = (start: number, length: number) => Promise<Buffer>;

/** Small reads near each other, as boxes need them, become one. */
function throughWindow(size: number, readRange: ReadRange): ReadRange {
  let windowStart = 0;
  let window: Buffer = Buffer.alloc(0);
  return async (start, length) => {
    const wanted = Math.max(0, Math.min(length, size - start));
    if (start < windowStart || start + wanted > windowStart + window.length) {
      window = await readRange(start, Math.min(size - start, Math.max(wanted, windowBytes)));
      windowStart = start;
    }
    return window.subarray(start - windowStart, start - windowStart + wanted);
  };
}

/** Opens a file for reading; rejects with the file system's own error. */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await open(path);
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    throw new Error(`${path} is not a file.`);
  }
  const { size } = stats;
  const read = throughWindow(size, async (start, length) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  });
  return { size, read, close: () => handle.close() };
}

/**
 * Opens a file that ffmpeg finished on a disk of this machine: a small read of it costs less than a trip
 * through the thread pool. Throws the file system's own error.
 */
export function openWorkFile(path: string): ByteSource {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const read = throughWindow(size, async (start, length) => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, start));
  });
  return { size, read, close: async () => closeSync(file) };
}

export const bytesInMemory = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: async (start, length) => bytes.subarray(start, start + length),
  close: async () => {},
});

async function fetchRange(address: string, range: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(address, { headers: { range }, redirect: 'error', signal });
  if (response.status === 206 || response.status === 416) return response;
  await response.body?.cancel();
  throw new JobError(
    'storage_unavailable',
    `The object store answered a range request for the source with status ${response.status}.`,
  );
}

async function openHttp(address: string, signal: AbortSignal): Promise<ByteSource> {
  const first = await fetchRange(address, `bytes=0-${windowBytes - 1}`, signal);
  const size = Number(/\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1] ?? 0);
  const head = first.status === 206 ? Buffer.from(await first.arrayBuffer()) : Buffer.alloc(0);
  const read = throughWindow(size, async (start, length) => {
    if (start === 0 && length <= head.length) return head;
    const response = await fetchRange(address, `bytes=${start}-${start + length - 1}`, signal);
    return Buffer.from(await response.arrayBuffer());
  });
  return { size, read, close: async () => {} };
}

export const isHttp = (address: string): boolean => /^https?:\/\//.test(address);

/** Faults of the machine, not of the file: too many open ones, a disk or a mount that does not answer. */
const passing = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'ESTALE', 'ETIMEDOUT', 'EAGAIN']);

/** Opens what a customer named; rejects with a JobError when there is no such file to read. */
export async function openSource(address: string, signal: AbortSignal): Promise<ByteSource> {
  if (isHttp(address)) return openHttp(address, signal);
  try {
    return await openFile(address);
  } catch (cause) {
    if (passing.has((cause as NodeJS.ErrnoException).code ?? '')) {
      const message = 'The source could not be read; it is tried again.';
      throw new JobError('storage_unavailable', message, { cause });
    }
    const message = 'There is no file at the address of the source that can be read.';
    throw new JobError('source_not_found', message, { cause });
  }
}
