// The program of the writer's thread, see writer.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { StorageError } from '../port.ts';
import { Folders } from './folders.ts';
import { type Layout, type Writing, write } from './write.ts';
import type { Request, Written } from './writer.ts';

const layout = workerData as Layout;
const folders = new Folders(layout.objects);

async function writeOne(writing: Writing): Promise<Written> {
  try {
    return { info: await write(writing, layout, folders) };
  } catch (error) {
    const code = error instanceof StorageError ? error.code : 'unavailable';
    return { error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

parentPort?.on('message', async ({ id, writings }: Request) => {
  parentPort?.postMessage({ id, written: await Promise.all(writings.map(writeOne)) });
});
