import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { ffmpegEnvironment } from '../config.ts';
import { run } from '../settings.ts';
import { EncodeError, explainFailure, readDiskFault } from './failure.ts';
import { emptyLog, type FfmpegLog, readLogLine } from './log.ts';

export type RunFfmpeg = {
  ffmpegPath: string;
  /** Must hold `-progress pipe:1`, `-benchmark` and `-loglevel repeat+level+verbose`. */
  args: readonly string[];
  signal: AbortSignal;
  stallSeconds: number;
  /** Called as the first output's frames grow. */
  onFrames: (frames: number) => void;
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

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ESRCH';

function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, run.niceness);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Calls `onStall` once when what `-progress` tells did not change for so long. */
function watchProgress(
  child: ChildProcess,
  stallSeconds: number,
  onFrames: (frames: number) => void,
  onStall: () => void,
): () => void {
  const timer = setTimeout(onStall, stallSeconds * 1000);
  const last = new Map<string, string>();
  if (child.stdout)
    createInterface(child.stdout).on('line', (line) => {
      const [key = '', value = ''] = line.split('=');
      if (!['frame', 'out_time_ms', 'total_size'].includes(key) || last.get(key) === value) return;
      last.set(key, value);
      timer.refresh();
      if (key === 'frame') onFrames(Number(value));
    });
  return () => clearTimeout(timer);
}

/**
 * Runs ffmpeg without a shell, in a process group of its own and at a lower priority. Rejects with
 * an `EncodeError`, or with `signal.reason` when aborted; either way ffmpeg is gone by then.
 */
export async function runFfmpeg(options: RunFfmpeg): Promise<FfmpegLog> {
  const { ffmpegPath, args, signal, stallSeconds, onFrames } = options;
  signal.throwIfAborted();
  const log = emptyLog();
  const child = spawn(ffmpegPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: ffmpegEnvironment(),
  });
  const closed = once(child, 'close');
  lowerPriority(child);
  createInterface(child.stderr).on('line', (line) => readLogLine(log, line));
  let stalled = false;
  const stopWatching = watchProgress(child, stallSeconds, onFrames, () => {
    stalled = true;
    killGroup(child);
  });
  const onAbort = () => killGroup(child);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const [code, killedBy] = await closed;
    signal.throwIfAborted();
    if (stalled) {
      const message = `ffmpeg made no progress for ${stallSeconds} s and was ended.`;
      throw new EncodeError('encode_stalled', message, log);
    }
    if (code !== 0) throw explainFailure(killedBy ? `signal ${killedBy}` : `code ${code}`, log);
    const diskFault = readDiskFault(log);
    if (diskFault) throw diskFault;
    return log;
  } finally {
    stopWatching();
    signal.removeEventListener('abort', onAbort);
  }
}
