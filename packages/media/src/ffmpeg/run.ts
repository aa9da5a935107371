import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { ffmpegEnvironment } from '../config.ts';
import { firstPipe } from './arguments.ts';
import { EncodeError, explainFailure, explainRefusal, readDiskFault } from './failure.ts';
import { emptyLog, type FfmpegLog, readLogLine } from './log.ts';
import { LogFile } from './log-file.ts';
import { letOthersFirst, lowerPriority } from './priority.ts';
import { Watchdog, waitedForProcessorMs } from './watchdog.ts';

/** Reads one of ffmpeg's outputs to its end; ffmpeg waits while it is slow. */
export type PipeReader = (bytes: AsyncIterable<Buffer>) => Promise<void>;

export type RunFfmpeg = {
  ffmpegPath: string;
  /** Must hold `-progress` to `pipe:1` or its file, `-benchmark` and `-loglevel repeat+level+verbose`. */
  args: readonly string[];
  signal: AbortSignal;
  stallSeconds: number;
  /** New files for the log and the progress of a run that has little to say; without them both come through pipes. */
  files?: { logPath: string; progressPath: string } | null;
  /** Leaves other ffmpegs the larger share of a busy processor. */
  yields?: boolean;
  /** Called as the first output's frames grow. */
  onFrames: (frames: number) => void;
  /** Of `pipe:3` and those that follow. What one rejects with ends ffmpeg, and is what the run rejects with. */
  readers?: readonly PipeReader[];
};

/** Ends the child and whatever it started; without effect when it has ended. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ESRCH';

function makePolite({ pid }: ChildProcess, yields: boolean): void {
  if (pid === undefined) return;
  try {
    if (yields) letOthersFirst(pid);
    else lowerPriority(pid);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Takes lines that `-progress` told; the same again is no progress. */
function progressReader(watchdog: Watchdog, onFrames: RunFfmpeg['onFrames']) {
  const last = new Map<string, string>();
  return (line: string): void => {
    const [key = '', value = ''] = line.split('=');
    if (!['frame', 'out_time_ms', 'total_size'].includes(key) || last.get(key) === value) return;
    last.set(key, value);
    watchdog.progress();
    if (key === 'frame') onFrames(Number(value));
  };
}

/** The lines of a file that ffmpeg may not have made yet; a key's last value is what counts. */
function lastValues(path: string): Iterable<string> {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return new Map(lines.map((line) => [line.split('=', 1)[0], line])).values();
}

/** How often the files of a run are looked at, ms: a clip of a second has ended before that. */
const lookMs = 200;

type Ended = {
  code: number | null;
  stalledSeconds: number | null;
  saidTooMuch: boolean;
};

/** Why a run failed by itself; null when it did not. */
function failureOf(ended: Ended, log: FfmpegLog): EncodeError | null {
  const { code, stalledSeconds, saidTooMuch } = ended;
  if (stalledSeconds !== null) {
    const message = `ffmpeg made no progress for ${stalledSeconds} s and was ended.`;
    return new EncodeError('encode_stalled', message, log);
  }
  if (saidTooMuch) {
    const message = 'The source is so damaged that ffmpeg had no end of complaints; send it again.';
    return new EncodeError('source_truncated', message, log);
  }
  if (code !== 0) return explainFailure(log);
  return readDiskFault(log);
}

/** What a reader threw. */
type Refusal = {
  error: unknown;
  /** While ffmpeg ran: so it was ended for that. */
  early: boolean;
};

/** Reads every pipe; the first reader that fails ends ffmpeg. */
async function readPipes(
  child: ChildProcess,
  readers: readonly PipeReader[],
  watchdog: Watchdog,
): Promise<Refusal | null> {
  let refusal: Refusal | null = null;
  let hasExited = false;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      hasExited = true;
      resolve();
    };
    child.once('exit', end).once('error', end);
  });
  const read = async (reader: PipeReader, index: number) => {
    const pipe = child.stdio[firstPipe + index];
    if (!(pipe instanceof Readable)) throw new Error(`ffmpeg has no pipe ${firstPipe + index}.`);
    try {
      await reader(watchdog.watched(pipe, exited));
    } catch (error) {
      refusal ??= { error, early: !hasExited };
      if (!hasExited) killGroup(child);
      pipe.destroy();
    }
  };
  await Promise.all(readers.map(read));
  return refusal;
}

/**
 * Runs ffmpeg without a shell, in a process group of its own and at a lower priority. Rejects with
 * an `EncodeError`, with what a reader rejects with, or with `signal.reason` when aborted; either
 * way ffmpeg is gone by then.
 */
export async function runFfmpeg(options: RunFfmpeg): Promise<FfmpegLog> {
  const { ffmpegPath, args, signal, stallSeconds, onFrames, readers = [] } = options;
  signal.throwIfAborted();
  const log = emptyLog();
  const { files } = options;
  const logFile = files ? new LogFile(files.logPath) : null;
  const child = spawn(ffmpegPath, args, {
    stdio: [
      'ignore',
      files ? 'ignore' : 'pipe',
      logFile?.fd ?? 'pipe',
      ...readers.map(() => 'pipe' as const),
    ],
    detached: true,
    env: ffmpegEnvironment(),
  });
  const closed = once(child, 'close');
  makePolite(child, options.yields ?? false);
  if (child.stderr) createInterface(child.stderr).on('line', (line) => readLogLine(log, line));
  const watchdog = new Watchdog({
    stallSeconds,
    waitedMs: () => waitedForProcessorMs(child.pid ?? 0),
    onStall: () => killGroup(child),
  });
  const readProgress = progressReader(watchdog, onFrames);
  if (child.stdout) createInterface(child.stdout).on('line', readProgress);
  const look = () => {
    if (logFile?.isTooLong) killGroup(child);
    if (files) for (const line of lastValues(files.progressPath)) readProgress(line);
  };
  const looking = files && setInterval(look, lookMs);
  const onAbort = () => {
    killGroup(child);
    // A pipe that nobody reads on from would never close.
    for (const pipe of child.stdio.slice(firstPipe)) pipe?.destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const read = readPipes(child, readers, watchdog);
    const [code, killedBy] = await closed;
    signal.throwIfAborted();
    log.exit = killedBy === null ? `code ${code}` : `signal ${killedBy}`;
    for (const line of logFile?.lines() ?? []) readLogLine(log, line);
    const refusal = await read;
    signal.throwIfAborted();
    if (refusal?.early) throw explainRefusal(refusal.error, log);
    const stalledSeconds = watchdog.stalled ? stallSeconds : null;
    const saidTooMuch = killedBy !== null && logFile?.isTooLong === true;
    const failure = failureOf({ code, stalledSeconds, saidTooMuch }, log);
    if (failure) throw failure;
    if (refusal) throw explainRefusal(refusal.error, log);
    return log;
  } finally {
    if (looking) clearInterval(looking);
    logFile?.close();
    watchdog.stop();
    signal.removeEventListener('abort', onAbort);
  }
}
