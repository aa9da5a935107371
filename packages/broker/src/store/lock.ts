import { randomUUID } from 'node:crypto';
import { renameSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

// The lock is a Unix socket in the folder. The system closes it with the process, so a lock whose
// owner died refuses connections and is known to be stale; unlike a process id in a file, that stays
// true in containers, where the next owner often has the very same process id.

const lockName = 'lock';

/** Held while the broker runs. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Another process (or another broker of this one) uses the folder. */
export class FolderLockedError extends Error {
  constructor(folder: string) {
    super(`the data folder ${folder} is in use by another broker`);
    this.name = 'FolderLockedError';
  }
}

/** A socket's address has at most 107 bytes; Linux knows an open folder by a short name too. */
const longestAddress = 100;

/** @throws FolderLockedError */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const long = Buffer.byteLength(join(folder, lockName)) > longestAddress;
  const handle = long ? await open(folder) : undefined;
  const address = handle ? `/proc/self/fd/${handle.fd}` : folder;
  try {
    const server = await own(address, folder);
    server.unref();
    return {
      async release() {
        await new Promise<void>((resolve) => server.close(() => resolve()));
        await handle?.close();
      },
    };
  } catch (error) {
    await handle?.close();
    throw error;
  }
}

async function own(address: string, folder: string): Promise<Server> {
  const path = join(address, lockName);
  for (;;) {
    const server = await listen(path);
    if (server) return server;
    if (await answers(path)) throw new FolderLockedError(folder);
    await removeStale(address, folder);
  }
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server));
  });
}

/** Only a socket without an owner refuses; one that may not be spoken to has one. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}

/**
 * Two starters may both see the stale socket: it is moved aside first, and moved back when it turns
 * out to be the fresh one of the other starter.
 */
async function removeStale(address: string, folder: string): Promise<void> {
  const path = join(address, lockName);
  const aside = join(address, `${lockName}-${randomUUID().slice(0, 8)}`);
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (await answers(aside)) {
    renameSync(aside, path);
    throw new FolderLockedError(folder);
  }
  unlinkSync(aside);
}
