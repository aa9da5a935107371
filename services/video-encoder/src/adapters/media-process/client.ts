import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceMedia } from '@spillway/contracts';
import { JobError } from '@spillway/contracts';
import { EncodeError, type Ffmpeg } from '@spillway/media';
import type { Environment } from '@spillway/runtime';
import type { Encoded, EncodeOptions, Media } from '../../app/ports.ts';
import type { Reply, Request, ToldError } from './messages.ts';
import { openOutput } from './output-file.ts';

type Answer = Extract<Reply, { says: 'inspected' | 'encoded' }>;

interface Call {
  readonly child: ChildProcess;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: (fraction: number) => void;
}

type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

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

  async inspect(
    address: string,
    { allowPartial, signal }: { allowPartial: boolean; signal: AbortSignal },
  ): Promise<SourceMedia> {
    const { ffmpeg } = this.#options;
    const ask = { asks: 'inspect', ffmpeg, address, allowPartial } as const;
    const answer = await this.#ask(ask, signal);
    if (answer.says !== 'inspected') throw new Error(`asked to inspect, it ${answer.says}`);
    return answer.value;
  }

  async encodeWhole({ name, signal, onProgress, ...source }: EncodeOptions): Promise<Encoded> {
    const { ffmpeg, stallSeconds, workFolder } = this.#options;
    const workDir = join(workFolder, name);
    const remove = () => rm(workDir, { recursive: true, force: true });
    try {
      const options = { ...source, ffmpeg, stallSeconds, workDir };
      const answer = await this.#ask({ asks: 'encodeWhole', options }, signal, onProgress);
      if (answer.says !== 'encoded') throw new Error(`asked to encode, it ${answer.says}`);
      const nothing = async () => {};
      return { ...answer.value, remove: answer.workDirRemoved ? nothing : remove };
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

  async #ask(ask: Ask, signal: AbortSignal, onProgress: Call['onProgress'] = () => {}) {
    signal.throwIfAborted();
    const id = ++this.#lastId;
    const onAbort = () => this.#send({ id, asks: 'abort' });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<Answer>((resolve, reject) => {
        if (!this.#child.connected) this.#child = this.#start();
        this.#calls.set(id, { child: this.#child, resolve, reject, onProgress });
        this.#send({ id, ...ask } as Request);
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
      // Not the flags of this process: a profiler or an inspector is not meant for the child.
      execArgv: [],
      env: this.#options.environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (reply: Reply) => this.#hear(reply));
    const endCalls = (error: Error) => {
      for (const call of this.#calls.values()) if (call.child === child) call.reject(error);
    };
    child.on('exit', () => endCalls(new Error('The media process ended in the middle.')));
    child.on('error', endCalls);
    return child;
  }

  #hear(reply: Reply): void {
    const call = this.#calls.get(reply.id);
    if (reply.says === 'progress') call?.onProgress(reply.fraction);
    else if (reply.says === 'failed') call?.reject(revived(reply.error));
    else call?.resolve(reply);
  }
}

function revived({ code, systemCode, message, stack, run }: ToldError): Error {
  if (code === null) return Object.assign(new Error(message), { stack, code: systemCode });
  if (run === null) return new JobError(code, message);
  const { log, cpuSeconds } = run;
  return new EncodeError(code, message, {
    lines: log,
    cpuSeconds,
    errors: [],
    decodedFrames: new Map(),
  });
}
