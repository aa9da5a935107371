// The program of the media process, see client.ts. It ends with its worker, however that ends.
import { mkdirSync, rmSync } from 'node:fs';
import { JobError } from '@spillway/contracts';
import { EncodeError, encodeWhole, inspectSource } from '@spillway/media';
import { inMemory } from './in-memory.ts';
import type { Reply, Request, ToldError } from './messages.ts';

const running = new Map<number, AbortController>();

async function answer(request: Request, signal: AbortSignal): Promise<Reply> {
  const { id } = request;
  if (request.asks === 'inspect') {
    const { ffmpeg, address, allowPartial } = request;
    const value = await inspectSource(ffmpeg, address, { allowPartial, signal });
    return { id, says: 'inspected', value };
  }
  if (request.asks === 'abort') throw new Error('handled before');
  const { options } = request;
  // With its parents: what tidies up temporary files removes the folder of a worker that was long idle.
  mkdirSync(options.workDir, { recursive: true });
  const onProgress = (fraction: number) => reply({ id, says: 'progress', fraction });
  const encoded = await encodeWhole({ ...options, signal, onProgress });
  const files = inMemory(encoded.files);
  if (!files) return { id, says: 'encoded', value: encoded, workDirRemoved: false };
  rmSync(options.workDir, { recursive: true });
  return { id, says: 'encoded', value: { ...encoded, files }, workDirRemoved: true };
}

async function handle(request: Request): Promise<void> {
  const { id } = request;
  if (request.asks === 'abort') return running.get(id)?.abort();
  const abort = new AbortController();
  running.set(id, abort);
  try {
    reply(await answer(request, abort.signal));
  } catch (error) {
    reply({ id, says: 'failed', error: told(error) });
  } finally {
    running.delete(id);
  }
}

function reply(message: Reply): void {
  // A worker that is gone needs no answer.
  if (process.connected) process.send?.(message);
}

function told(error: unknown): ToldError {
  const code = error instanceof JobError ? error.code : null;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : null;
  const run =
    error instanceof EncodeError ? { log: error.log, cpuSeconds: error.cpuSeconds } : null;
  return { code, systemCode, message, stack, run };
}

process.on('message', (request: Request) => void handle(request));
process.on('disconnect', () => {
  for (const abort of running.values()) abort.abort();
  process.exit();
});
// A terminal's Ctrl-C reaches every process; the worker decides what is finished before it stops.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
