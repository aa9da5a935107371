import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Longer than any order may take. */
const ABANDONED_SECONDS = 48 * 3600;

export interface WorkFolder {
  readonly path: string;
  /** Removes it with what is in it. */
  remove(): Promise<void>;
}

/** Makes an empty folder of this process in `workDir`, and removes what dead workers left there. */
export async function openWorkFolder(workDir: string): Promise<WorkFolder> {
  const path = join(workDir, `${hostname()}-${process.pid}`);
  await mkdir(workDir, { recursive: true });
  await removeAbandoned(workDir);
  await mkdir(path, { recursive: true });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function removeAbandoned(workDir: string): Promise<void> {
  for (const name of await readdir(workDir)) {
    const path = join(workDir, name);
    if (await isAbandoned(path, name)) await rm(path, { recursive: true, force: true });
  }
}

/** A name that is not ours is left alone; one with our own pid is of a process before us. */
async function isAbandoned(path: string, name: string): Promise<boolean> {
  const [, host, pid] = /^(.+)-(\d+)$/.exec(name) ?? [];
  if (pid === undefined) return false;
  if (host === hostname()) return Number(pid) === process.pid || !isAlive(Number(pid));
  const stats = await stat(path).catch(() => null);
  return stats !== null && Date.now() - stats.mtimeMs > ABANDONED_SECONDS * 1000;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
