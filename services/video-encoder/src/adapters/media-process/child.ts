// The program of the media process, see client.ts. It ends with its worker, however that ends.
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { mkdirSync, rmSync } from 'node:fs';
import { JobError } from '@spillway/contracts';
import {
  EncodeError,
  type EncodeWhole,
  encodeAudio,
  encodeChunk,
  encodeWhole,
  inspectSource,
  joinMp4,
  verifyCut,
} from '@spillway/media';
import { inMemory } from './in-memory.ts';
import type { Answer, CallName, Calls, Reply, Request, Started, ToldError } from './messages.ts';
import { RunningCall } from './running-call.ts';

const running = new Map<number, RunningCall>();

/** Programs that have ended: told with the next reply, as a message of its own costs more than it says. */
let ended: number[] = [];

async function encodeIntoFolder(options: EncodeWhole): Promise<Calls['encodeWhole']['value']> {
  // With its parents: what tidies up temporary files removes the folder of a worker that was long idle.
  mkdirSync(options.workDir, { recursive: true });
  const encoded = await encodeWhole(options);
  const files = inMemory(encoded.files);
  if (!files) return { encoded, workDirRemoved: false };
  rmSync(options.workDir, { recursive: true });
  return { encoded: { ...encoded, files }, workDirRemoved: true };
}

type Asked = Extract<Request, { asks: CallName }>;

function answer(request: Asked, call: RunningCall): Promise<Calls[CallName]['value']> {
  const { signal, onFile } = call;
  const onProgress = (fraction: number) => {
    // The end is told by `done`, a moment later: of a short clip nothing else is told.
    if (fraction < 1) reply({ id: request.id, says: 'progress', fraction });
  };
  switch (request.asks) {
    case 'inspect': {
      const { ffmpeg, address, allowPartial } = request.options;
      return inspectSource(ffmpeg, address, { allowPartial, signal });
    }
    case 'verifyCut':
      return verifyCut({ ...request.options, signal });
    case 'encodeWhole':
      return encodeIntoFolder({ ...request.options, signal, onProgress });
    case 'encodeChunk':
      return encodeChunk({ ...request.options, signal, onProgress, onFile });
    case 'encodeAudio':
      return encodeAudio({ ...request.options, signal, onProgress, onFile });
    case 'joinMp4':
      return joinMp4({ ...request.options, signal });
  }
}

async function handle(request: Request): Promise<void> {
  const { id } = request;
  if (request.asks === 'abort') return running.get(id)?.abort();
  if (request.asks === 'continue') return running.get(id)?.taken(request.file);
  const call = new RunningCall((file, made) => reply({ id, says: 'file', file, ...made }));
  running.set(id, call);
  try {
    reply({ id, says: 'done', value: await answer(request, call) });
  } catch (error) {
    reply({ id, says: 'failed', error: told(error) });
  } finally {
    running.delete(id);
  }
}

function reply(message: Answer): void {
  send({ ...message, ended });
  ended = [];
}

function send(message: Reply | Started): void {
  // A worker that is gone needs no answer.
  if (process.connected) process.send?.(message);
}

function told(error: unknown): ToldError {
  const code = error instanceof JobError ? error.code : null;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : null;
  const run =
    error instanceof EncodeError
      ? { log: error.log, cpuSeconds: error.cpuSeconds, exit: error.exit }
      : null;
  return { code, systemCode, message, stack, run };
}

// However deep in the media library they are started.
subscribe('child_process', (message) => {
  const { process: program } = message as { process: ChildProcess };
  program.once('spawn', () => {
    const { pid } = program;
    if (pid === undefined) return;
    send({ says: 'started', pid });
    program.once('exit', () => ended.push(pid));
  });
});
process.on('message', (request: Request) => void handle(request));
process.on('disconnect', () => {
  for (const call of running.values()) call.abort();
  process.exit();
});
// A terminal's Ctrl-C reaches every process; the worker decides what is finished before it stops.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
