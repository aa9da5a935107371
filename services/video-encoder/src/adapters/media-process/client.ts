import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceMedia } from '@spillway/contracts';
import { JobError, outputFiles } from '@spillway/contracts';
import {
  type EncodedFile,
  EncodeError,
  type Ffmpeg,
  type PartEncode,
  type VerifiedCut,
} from '@spillway/media';
import type { Environment } from '@spillway/runtime';
import type {
  ChunkOptions,
  CutOptions,
  Encoded,
  Joined,
  JoinOptions,
  Media,
  PartOptions,
  WholeOptions,
} from '../../app/ports.ts';
import type { CallName, Calls, Reply, Request, Started, ToldError } from './messages.ts';
import { openOutput } from './output-file.ts';
import { writeTracks } from './track-files.ts';

/** What a call hears before it ends. */
interface Ears {
  readonly signal: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
  readonly onFile?: (file: EncodedFile) => Promise<void>;
}

interface Call extends Ears {
  readonly child: ChildProcess;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Why a file was not taken: it ended the encode. */
  fault: { readonly error: unknown } | null;
}

type MadeFile = Extract<Reply, { says: 'file' }>;

export interface MediaProcessOptions {
  readonly ffmpeg: Ffmpeg;
  readonly stallSeconds: number;
  /** For the folders of encodes. */
  readonly workFolder: string;
  /** All that ffmpeg sees of the environment: no credentials. */
  readonly environment: Environment;
}

/**
 * Runs ffmpeg, and reads customers' files, in a process of its own. Starting a program costs the starter
 * a copy of its page tables, some 10 ms for a process of 300 MB in which everything else then stands
 * still; a small process does it in 2 ms. It also ends every ffmpeg when the worker is killed, and a
 * file that breaks its reader does not break the worker. When it dies a new one is started.
 */
export class MediaProcess implements Media {
  readonly build: string;
  readonly open = openOutput;
  readonly #options: MediaProcessOptions;
  readonly #calls = new Map<number, Call>();
  #child: ChildProcess;
  #lastId = 0;

  constructor(options: MediaProcessOptions) {
    this.build = options.ffmpeg.build;
    this.#options = options;
    this.#child = this.#start();
  }

  inspect(
    address: string,
    { allowPartial, signal }: { allowPartial: boolean; signal: AbortSignal },
  ): Promise<SourceMedia> {
    const { ffmpeg } = this.#options;
    return this.#ask('inspect', { ffmpeg, address, allowPartial }, { signal });
  }

  verifyCut({ signal, ...cut }: CutOptions): Promise<VerifiedCut> {
    const { ffmpeg } = this.#options;
    return this.#ask('verifyCut', { ...cut, ffmpeg }, { signal });
  }

  async encodeWhole({ name, signal, onProgress, ...source }: WholeOptions): Promise<Encoded> {
    const { ffmpeg, stallSeconds } = this.#options;
    const { workDir, remove } = this.#folder(name);
    try {
      const options = { ...source, ffmpeg, stallSeconds, workDir };
      const done = await this.#ask('encodeWhole', options, { signal, onProgress });
      return { ...done.encoded, remove: done.workDirRemoved ? async () => {} : remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  encodeChunk({ signal, onProgress, onFile, ...chunk }: ChunkOptions): Promise<PartEncode> {
    const { ffmpeg, stallSeconds } = this.#options;
    const ears = { signal, onProgress, onFile };
    return this.#ask('encodeChunk', { ...chunk, ffmpeg, stallSeconds }, ears);
  }

  encodeAudio({ signal, onProgress, onFile, ...source }: PartOptions): Promise<PartEncode> {
    const { ffmpeg, stallSeconds } = this.#options;
    const ears = { signal, onProgress, onFile };
    return this.#ask('encodeAudio', { ...source, ffmpeg, stallSeconds }, ears);
  }

  async joinMp4({ name, frames, signal, ...tracks }: JoinOptions): Promise<Joined> {
    const { ffmpeg, stallSeconds } = this.#options;
    const { workDir, remove } = this.#folder(name);
    try {
      const paths = await writeTracks(workDir, tracks, signal);
      const outPath = join(workDir, 'joined.mp4');
      const options = { ...paths, outPath, frames, ffmpeg, stallSeconds };
      const { cpuSeconds } = await this.#ask('joinMp4', options, { signal });
      const { size } = await stat(outPath);
      const file = {
        name: outputFiles.mp4,
        from: 'file',
        path: outPath,
        start: 0,
        end: size,
      } as const;
      return { file, cpuSeconds, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** Ends whatever runs. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  /** Of one attempt. */
  #folder(name: string) {
    const workDir = join(this.#options.workFolder, name);
    return { workDir, remove: () => rm(workDir, { recursive: true, force: true }) };
  }

  async #ask<Name extends CallName>(
    asks: Name,
    options: Calls[Name]['options'],
    ears: Ears,
  ): Promise<Calls[Name]['value']> {
    const { signal } = ears;
    signal.throwIfAborted();
    const id = ++this.#lastId;
    const onAbort = () => this.#send({ id, asks: 'abort' });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        if (!this.#child.connected) this.#child = this.#start();
        const answered = { resolve: resolve as Call['resolve'], reject };
        this.#calls.set(id, { ...ears, ...answered, child: this.#child, fault: null });
        this.#send({ id, asks, options } as Request);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#calls.delete(id);
    }
  }

  #send(request: Request): void {
    const call = this.#calls.get(request.id);
    if (!call?.child.connected) return;
    call.child.send(request, (error) => {
      if (error) call.reject(error);
    });
  }

  #start(): ChildProcess {
    const child = fork(new URL('child.ts', import.meta.url), {
      serialization: 'advanced',
      // Not the flags of this process: a profiler or an inspector is not meant for the child. What it
      // copies to start a program grows with its memory, and V8's new space with it to half of that.
      execArgv: ['--max-semi-space-size=1'],
      env: this.#options.environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const programs = new Set<number>();
    child.on('message', (message: Reply | Started) => {
      if (message.says === 'started') {
        programs.add(message.pid);
        return;
      }
      for (const pid of message.ended) programs.delete(pid);
      this.#hear(message);
    });
    const endCalls = (error: Error) => {
      for (const call of this.#calls.values()) if (call.child === child) call.reject(error);
    };
    child.on('exit', () => {
      for (const pid of programs) killGroup(pid);
      endCalls(new Error('The media process ended in the middle.'));
    });
    child.on('error', endCalls);
    return child;
  }

  #hear(reply: Reply): void {
    const call = this.#calls.get(reply.id);
    if (!call) return;
    if (reply.says === 'progress') call.onProgress?.(reply.fraction);
    else if (reply.says === 'file') void this.#take(reply, call);
    else if (reply.says === 'done') call.resolve(reply.value);
    else call.reject(call.fault ? call.fault.error : revived(reply.error));
  }

  /** A file that cannot be taken ends its encode. */
  async #take({ id, file, name, data }: MadeFile, call: Call): Promise<void> {
    try {
      await call.onFile?.({ name, data });
      this.#send({ id, asks: 'continue', file });
    } catch (error) {
      call.fault ??= { error };
      this.#send({ id, asks: 'abort' });
    }
  }
}

/** An ffmpeg that encodes into files goes on by itself when the process that started it dies. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended, or is none of those that lead a group: they end by themselves.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function revived({ code, systemCode, message, stack, run }: ToldError): Error {
  if (code === null) return Object.assign(new Error(message), { stack, code: systemCode });
  if (run === null) return new JobError(code, message);
  const { log, cpuSeconds, exit } = run;
  return new EncodeError(code, message, { lines: log, cpuSeconds, exit });
}
