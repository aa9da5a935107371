import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

const heldHere = new Set<string>();

/**
 * Tells a process from a later one with the same number: its start time, in clock ticks since boot,
 * where the system tells it (proc(5), field 22); else an empty string.
 */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function isAlive(owner: { pid: number; start: string }): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return (await startOf(owner.pid)) === owner.start;
}

async function ownerOf(file: string): Promise<{ pid: number; start: string } | null> {
  const [pid, start] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  return pid ? { pid: Number(pid), start: start ?? '' } : null;
}

/**
 * Keeps a second process out of a data folder. The lock of a process that has died, by `kill -9` or
 * with its machine, counts for nothing. Throws a plain sentence when a live process holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = path.join(path.resolve(folder), 'lock');
  await mkdir(folder, { recursive: true });
  const owner = await ownerOf(file);
  if (heldHere.has(file) || (owner && owner.pid !== process.pid && (await isAlive(owner)))) {
    const pid = owner?.pid ?? process.pid;
    throw new Error(
      `The data folder ${folder} is in use by process ${pid}: stop it, or choose another folder.`,
    );
  }
  await rm(file, { force: true });
  // `wx` decides between two that start at the same moment.
  await writeFile(file, `${process.pid} ${await startOf(process.pid)}`, { flag: 'wx' });
  heldHere.add(file);
  return {
    async release() {
      heldHere.delete(file);
      await rm(file, { force: true });
    },
  };
}
