// Runs Spillway as a user would: the program in a process of its own, spoken to over HTTP only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** As `npm start` does. */
const START = [
  '--import',
  new URL('../../scripts/compile-cache.mjs', import.meta.url).href,
  fileURLToPath(new URL('../../services/standalone/src/main.ts', import.meta.url)),
];

export interface SpillwayProcess {
  readonly url: string;
  /** Where /metrics is. */
  readonly adminUrl: string;
  readonly pid: number;
  /** CPU seconds of the process and of every child that has ended. */
  cpuSeconds(): number;
  /** kill -9: nothing gets a chance to tidy up. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts it on a free port and waits until it says that it is ready. */
export async function startSpillway(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<SpillwayProcess> {
  const child = spawn(process.execPath, START, {
    env: { ...process.env, PORT: '0', SPILLWAY_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { url, adminUrl } = await readyUrls(child);
  const pid = child.pid ?? 0;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  };
  return {
    url,
    adminUrl,
    pid,
    cpuSeconds: () => cpuSecondsOf(pid),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

async function readyUrls(child: ChildProcess): Promise<{ url: string; adminUrl: string }> {
  const complaint: string[] = [];
  child.stderr?.on('data', (chunk) => complaint.push(String(chunk)));
  const { stdout } = child;
  if (!stdout) throw new Error('no standard output');
  let url = '';
  for await (const line of createInterface({ input: stdout })) {
    url = line.match(/ready on (http:\S+)/)?.[1] ?? url;
    const adminUrl = line.match(/(http:\S+)\/metrics/)?.[1];
    if (!adminUrl) continue;
    stdout.resume();
    return { url, adminUrl };
  }
  throw new Error(`Spillway did not start: ${complaint.join('')}`);
}

const CLOCK_TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly parent: number;
  /** Of the program, at most 15 characters. */
  readonly name: string;
  /** Its own time and that of its children that have ended. */
  readonly cpuSeconds: number;
}

/** comm, ppid, utime, stime, cutime and cstime of proc(5). */
function statOf(pid: number): ProcessStat | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // It has ended since it was listed.
  }
  const end = stat.lastIndexOf(')');
  const fields = stat
    .slice(end + 2)
    .split(' ')
    .map(Number);
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + field, 0);
  return {
    parent: fields[1] ?? 0,
    name: stat.slice(stat.indexOf('(') + 1, end),
    cpuSeconds: ticks / CLOCK_TICKS_PER_SECOND,
  };
}

/** A process, if it is there, and all that it started, directly or not. */
function familyOf(pid: number): ProcessStat[] {
  const stats = new Map<number, ProcessStat>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : null;
    if (stat) stats.set(Number(entry), stat);
  }
  const below = (process: number): ProcessStat[] =>
    [...stats].flatMap(([child, stat]) => (stat.parent === process ? [stat, ...below(child)] : []));
  const own = stats.get(pid);
  return own ? [own, ...below(pid)] : below(pid);
}

/** CPU seconds of a process, of its descendants, and of those of them that have ended. */
export const cpuSecondsOf = (pid: number): number =>
  familyOf(pid).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);

/** How many programs of the name a process has running, directly or not. */
export const countPrograms = (pid: number, name: string): number =>
  familyOf(pid).filter((stat) => stat.name === name).length;
