import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Taken before ffmpeg starts: a disk that is full later can still be told of. A usual log has 8 kB. */
const ROOM_BYTES = 32 * 1024;

/** A short source has no more to say than that, unless it is made to. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * A file for what ffmpeg logs. It writes each piece of a line by itself, 370 of them for a clip of a
 * second; through a pipe each wakes the reader, which took a tenth of all processor time in a flood.
 */
export class LogFile {
  /** What ffmpeg is given to write to. */
  readonly fd: number;

  /** Makes the file; throws the file system's error, such as `ENOSPC`. */
  constructor(path: string) {
    this.fd = openSync(path, 'w+');
    try {
      // Of zeros, at a position of its own: ffmpeg writes over it from the beginning.
      writeSync(this.fd, Buffer.alloc(ROOM_BYTES), 0, ROOM_BYTES, 0);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get isTooLong(): boolean {
    return fstatSync(this.fd).size > MAX_BYTES;
  }

  /** What was logged so far; the end of it when it is too long. */
  lines(): string[] {
    const { size } = fstatSync(this.fd);
    const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
    readSync(this.fd, bytes, 0, bytes.length, size - bytes.length);
    const end = bytes.indexOf(0);
    return bytes.toString('utf8', 0, end < 0 ? bytes.length : end).split(/\r\n|\r|\n/);
  }

  close(): void {
    closeSync(this.fd);
  }
}
