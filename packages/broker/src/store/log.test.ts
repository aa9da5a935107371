import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BrokerEvent } from '../options.ts';
import { Log } from './log.ts';
import { RecordEncoder, type RecordSink } from './records.ts';
import { recover } from './recover.ts';
import { segmentHeader, segmentHeaderBytes } from './segment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const encoder = new RecordEncoder();

/** Collects the keys of documents, which is all these tests write. */
function collect(events: BrokerEvent[] = []) {
  const keys: string[] = [];
  const ignore = () => undefined;
  const sink: RecordSink = {
    document: (key) => keys.push(key),
    ...{
      message: ignore,
      remove: ignore,
      redriven: ignore,
      lease: ignore,
      move: ignore,
      purge: ignore,
      sent: ignore,
    },
  };
  const recovered = recover(folder, sink, (event) => events.push(event));
  return { keys, recovered };
}

function open(failures: Error[] = []): Log {
  const { recovered } = collect();
  return new Log(
    {
      folder,
      durable: true,
      maxSegmentBytes: 4 * 1024 * 1024,
      nextSequence: () => 7,
      onFailure: (error) => failures.push(error),
      onSegment: () => undefined,
      onStarved: () => undefined,
    },
    recovered.segments,
  );
}

const durable = (log: Log) =>
  new Promise<void>((resolve, reject) =>
    log.whenDurable((error) => (error ? reject(error) : resolve())),
  );

async function write(log: Log, ...keys: string[]): Promise<number[]> {
  const positions = keys.map((key) =>
    log.append(encoder.document(key, { filler: 'x'.repeat(100) }), 'send'),
  );
  await durable(log);
  return positions;
}

const lastSegment = () =>
  join(
    folder,
    readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .at(-1) ?? '',
  );

describe('a log', () => {
  test('gives back in order what was appended, across reopening', async () => {
    const log = open();
    await write(log, 'a', 'b');
    await log.close();
    const again = open();
    await write(again, 'c');
    await again.close();
    const { keys, recovered } = collect();
    expect(keys).toEqual(['a', 'b', 'c']);
    expect(recovered.nextSequence).toBe(7);
  });

  test('reads a record before and after it reached the disk', async () => {
    const log = open();
    const payload = Buffer.from(encoder.document('a', 1));
    const position = log.append(payload, 'send');
    expect(log.read(position, payload.length).equals(payload)).toBe(true);
    await durable(log);
    expect(log.read(position, payload.length).equals(payload)).toBe(true);
    await log.close();
  });

  test('grows over several segments and takes a record larger than a segment', async () => {
    const log = open();
    const names = [...Array(3000).keys()].map(String);
    for (const name of names)
      log.append(encoder.document(name, { filler: 'x'.repeat(1000) }), 'send');
    log.append(encoder.document('huge', { filler: 'x'.repeat(6 * 1024 * 1024) }), 'send');
    await write(log, 'last');
    expect(log.segmentCount).toBeGreaterThan(2);
    await log.close();
    expect(collect().keys).toEqual([...names, 'huge', 'last']);
  });
});

describe('damage', () => {
  /** Three records, each on disk before the next is made. */
  async function threeRecords(): Promise<number[]> {
    const log = open();
    const positions: number[] = [];
    for (const key of ['a', 'b', 'c']) positions.push(...(await write(log, key)));
    await log.close();
    return positions.map((position) => position % 2 ** 32);
  }

  function flipBitAt(offset: number): void {
    const content = readFileSync(lastSegment());
    content[offset] = (content[offset] ?? 0) ^ 1;
    writeFileSync(lastSegment(), content);
  }

  test('a half-written last record is reported, left out, and gone at the next start', async () => {
    const [, , third = 0] = await threeRecords();
    truncateSync(lastSegment(), third + 20);
    const events: BrokerEvent[] = [];
    expect(collect(events).keys).toEqual(['a', 'b']);
    expect(events).toMatchObject([{ level: 'warn', details: { damagedBytes: 20 } }]);
    const later: BrokerEvent[] = [];
    expect(collect(later).keys).toEqual(['a', 'b']);
    expect(later).toEqual([]);
  });

  test('bytes that were never a record are reported and not read', async () => {
    await threeRecords();
    appendFileSync(lastSegment(), Buffer.from('garbage'));
    const events: BrokerEvent[] = [];
    expect(collect(events).keys).toEqual(['a', 'b', 'c']);
    expect(events).toHaveLength(1);
  });

  test('one flipped bit costs its record, not those behind it', async () => {
    const [, second = 0] = await threeRecords();
    flipBitAt(second + 30);
    const events: BrokerEvent[] = [];
    expect(collect(events).keys).toEqual(['a', 'c']);
    expect(events).toMatchObject([{ level: 'warn' }]);
  });

  test('what follows a torn record of one write was promised to nobody, and is left out', async () => {
    const log = open();
    await write(log, 'a');
    const [torn = 0] = await write(log, 'b', 'c');
    await log.close();
    flipBitAt((torn % 2 ** 32) + 30);
    expect(collect().keys).toEqual(['a']);
  });

  test('a flipped bit in a length costs its record alone', async () => {
    const [, second = 0] = await threeRecords();
    flipBitAt(second);
    flipBitAt(second + 1);
    expect(collect().keys).toEqual(['a', 'c']);
  });

  /** `first`, then `second` made while `first` is on its way to the disk, then `third`. */
  async function underLoad(log: Log): Promise<number> {
    const [first = 0] = ['first', 'beside'].map((key) =>
      log.append(encoder.document(key, { filler: 'x'.repeat(100) }), 'send'),
    );
    const written = durable(log);
    await new Promise((resolve) => setImmediate(resolve));
    log.append(encoder.document('second', 1), 'send');
    await written;
    await write(log, 'third');
    return first % 2 ** 32;
  }

  test('decay costs its record also when those behind it were made during its write', async () => {
    const log = open();
    const first = await underLoad(log);
    await log.close();
    flipBitAt(first + 30);
    const events: BrokerEvent[] = [];
    expect(collect(events).keys).toEqual(['beside', 'second', 'third']);
    expect(events).toMatchObject([{ level: 'warn' }]);
  });

  test('in a segment that another one follows nothing is taken for the end of a crash', async () => {
    const log = open();
    const [first = 0] = await write(log, 'a', 'b');
    await log.close();
    flipBitAt((first % 2 ** 32) + 30);
    const begun = segmentHeader(2, 7);
    writeFileSync(join(folder, '00000002.log'), Buffer.concat([begun, Buffer.alloc(100)]));
    expect(collect().keys).toEqual(['b']);
  });

  test('a record larger than any reader takes is refused, and costs nothing', async () => {
    const log = open();
    await write(log, 'a');
    expect(() => log.append(Buffer.alloc(16 * 1024 * 1024 + 1, 1), 'send')).toThrow('the most are');
    await write(log, 'b');
    await log.close();
    expect(collect().keys).toEqual(['a', 'b']);
  });

  test('a segment that is missing between others is reported', async () => {
    for (const key of ['a', 'b', 'c']) {
      const log = open();
      await write(log, key);
      await log.close();
    }
    rmSync(join(folder, '00000002.log'));
    const events: BrokerEvent[] = [];
    expect(collect(events).keys).toEqual(['a', 'c']);
    expect(events).toMatchObject([{ level: 'error', details: { from: 2, to: 2 } }]);
  });

  test('a damaged header is refused with the name of its file', async () => {
    await threeRecords();
    flipBitAt(14);
    expect(() => collect()).toThrow(`${lastSegment()}: the header`);
  });

  test('a record that decays while the log is open is not read as data', async () => {
    const log = open();
    const payload = Buffer.from(encoder.document('a', { filler: 'x'.repeat(100) }));
    const [position = 0] = await write(log, 'a');
    expect(log.read(position, payload.length).equals(payload)).toBe(true);
    flipBitAt((position % 2 ** 32) + 50);
    expect(() => log.read(position, payload.length)).toThrow('is damaged');
    await log.close();
  });

  test('a segment of a newer format is refused, not guessed at', async () => {
    await threeRecords();
    const content = readFileSync(lastSegment());
    const header = segmentHeader(1, 7, 99);
    header.copy(content, 0, 0, segmentHeaderBytes);
    writeFileSync(lastSegment(), content);
    expect(() => collect()).toThrow('format 99');
  });
});

/** Takes the open segments away from the log, as a device does that goes away. */
function closeFilesOf(path: string): void {
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    const target = readlinkOf(fd);
    if (target.startsWith(path) && target.endsWith('.log')) closeSync(fd);
  }
}

function readlinkOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // the descriptor of the listing itself
  }
}

describe('a closed log', () => {
  test('takes nothing: the numbers of its files may be those of others by now', async () => {
    const log = open();
    await log.close();
    expect(() => log.append(encoder.document('late', 1), 'send')).toThrow('closed');
  });
});

describe('a failing disk', () => {
  test('fails every request that waits, and every later one', async () => {
    const failures: Error[] = [];
    const log = open(failures);
    await write(log, 'a');
    closeFilesOf(folder);
    log.append(encoder.document('b', 1), 'send');
    await expect(durable(log)).rejects.toThrow('EBADF');
    expect(failures).toHaveLength(1);
    expect(() => log.append(encoder.document('c', 1), 'send')).toThrow('EBADF');
  });
});
