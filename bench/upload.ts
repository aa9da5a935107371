// A file of 2 GB by PUT and by tus, from a client that is killed three times in the middle of each, and from
// a server that is killed once in the middle of tus: is it the same file, and what did it cost in memory?
import { spawn } from 'node:child_process';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Upload } from '@spillway/contracts';
import type { BenchResult, Measure } from './run.ts';
import { type OrderApiProcess, startOrderApiProcess } from './support/start-order-api.ts';
import { round } from './support/statistics.ts';

const MB = 1024 * 1024;
const PORT = '18471';
const CLIENT = fileURLToPath(new URL('./support/upload-client.ts', import.meta.url));

type How = 'put' | 'tus';

/** Random bytes, as fast as a disk takes them; returns their hash. */
async function makeFile(path: string, bytes: number): Promise<string> {
  const cipher = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16));
  const hash = createHash('sha256');
  const zeros = Buffer.alloc(MB);
  const pieces = function* () {
    for (let at = 0; at < bytes; at += MB) {
      const piece = cipher.update(zeros.subarray(0, Math.min(MB, bytes - at)));
      hash.update(piece);
      yield piece;
    }
  };
  await pipeline(Readable.from(pieces()), createWriteStream(path));
  return hash.digest('hex');
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** The most that a process had, above what it had at the beginning. */
async function watchMemory(pid: number) {
  const before = await residentMb(pid);
  let most = before;
  const timer = setInterval(async () => {
    most = Math.max(most, await residentMb(pid).catch(() => 0));
  }, 50);
  return {
    stop(): number {
      clearInterval(timer);
      return most - before;
    },
  };
}

const send = (how: How, url: string, file: string) =>
  spawn(process.execPath, [CLIENT, how, url, file], { stdio: ['ignore', 'inherit', 'inherit'] });

async function makeUpload(api: OrderApiProcess, bytes: number): Promise<Upload & { url: string }> {
  const response = await fetch(`${api.url}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ bytes }),
  });
  const upload = (await response.json()) as Upload;
  if (upload.url === null) throw new Error(`no address: ${response.status}`);
  return { ...upload, url: upload.url };
}

async function untilReceived(
  api: OrderApiProcess,
  id: string,
  isEnough: (received: number) => boolean,
): Promise<void> {
  for (;;) {
    const response = await fetch(`${api.url}/v1/uploads/${id}`);
    if (isEnough(((await response.json()) as Upload).receivedBytes)) return;
    await delay(20);
  }
}

/** Sends it whole; returns the seconds. */
async function sendWhole(how: How, url: string, file: string): Promise<number> {
  const start = performance.now();
  const [code] = (await once(send(how, url, file), 'exit')) as [number];
  if (code !== 0) throw new Error(`the ${how} client ended with ${code}`);
  return (performance.now() - start) / 1000;
}

interface Film {
  readonly folder: string;
  readonly file: string;
  readonly bytes: number;
  readonly hash: string;
}

/** Whether the stored file is the one that was sent; it is removed then. */
async function isSame({ folder, hash }: Film, id: string): Promise<boolean> {
  const stored = join(folder, 'objects/objects/uploads', id, 'file');
  const found = await hashOf(stored);
  await rm(stored);
  return found === hash;
}

/** The client is killed at a quarter, a half and three quarters, and comes again each time. */
async function clientKilled(how: How, film: Film, api: OrderApiProcess): Promise<boolean> {
  const { id, url } = await makeUpload(api, film.bytes);
  for (const share of [0.25, 0.5, 0.75]) {
    const client = send(how, url, film.file);
    // A PUT begins again from the first byte, and what had come goes then.
    if (how === 'put') await untilReceived(api, id, (received) => received < 0.2 * film.bytes);
    await untilReceived(api, id, (received) => received >= share * film.bytes);
    client.kill('SIGKILL');
    await once(client, 'exit');
  }
  await sendWhole(how, url, film.file);
  return await isSame(film, id);
}

/** The server is killed at a half and started again; the client goes on by itself. */
async function serverKilled(film: Film, api: OrderApiProcess, restart: () => Promise<void>) {
  const { id, url } = await makeUpload(api, film.bytes);
  const sent = sendWhole('tus', url, film.file);
  await untilReceived(api, id, (received) => received >= 0.5 * film.bytes);
  await api.kill();
  await restart();
  await sent;
  return await isSame(film, id);
}

async function measure(film: Film): Promise<Measure[]> {
  const start = () => startOrderApiProcess('--folder', film.folder, '--port', PORT);
  let api = await start();
  try {
    // What a process loads and compiles once is no growth.
    const small = join(film.folder, 'small');
    await makeFile(small, MB);
    for (const how of ['put', 'tus'] as const) {
      await sendWhole(how, (await makeUpload(api, MB)).url, small);
    }
    const memory = await watchMemory(api.pid);
    const same = [await clientKilled('put', film, api), await clientKilled('tus', film, api)];
    const rates: number[] = [];
    for (const how of ['put', 'tus'] as const) {
      const { id, url } = await makeUpload(api, film.bytes);
      rates.push(film.bytes / MB / (await sendWhole(how, url, film.file)));
      same.push(await isSame(film, id));
    }
    const growth = memory.stop();
    same.push(
      await serverKilled(film, api, async () => {
        api = await start();
      }),
    );
    return [
      {
        measure:
          'byte-identical: PUT and tus killed three times, whole, tus with the server killed',
        value: same.filter(Boolean).length,
        unit: 'files',
        baseline: null,
        bar: `all ${same.length}`,
        ok: same.every(Boolean),
      },
      {
        measure: "growth of order-api's memory (RSS)",
        value: round(growth, 1),
        unit: 'MB',
        baseline: null,
        bar: 'under 50',
        ok: growth < 50,
      },
      ...rates.map((rate, index) => ({
        measure: index === 0 ? 'PUT, durable' : 'tus, durable',
        value: round(rate, 0),
        unit: 'MB/s',
        baseline: null,
        bar: 'reported',
        ok: null,
      })),
    ];
  } finally {
    await api.stop();
  }
}

export default async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({ args, options: { mb: { type: 'string', default: '2048' } } });
  const bytes = Number(values.mb) * MB;
  const folder = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
  try {
    const file = join(folder, 'film');
    const hash = await makeFile(file, bytes);
    return { name: 'upload', measures: await measure({ folder, file, bytes, hash }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
