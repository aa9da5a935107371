// The program of the writer's thread, see writer.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { StorageError } from '../port.ts';
import { Folders } from './folders.ts';
import { type Layout, place, stage } from './write.ts';
import type { Request, Written } from './writer.ts';

const layout = workerData as Layout;
const folders = new Folders(layout.objects);

/** Those of one message are all written before any is moved: the moves into one folder share its sync. */
async function write(writings: Request['writings']): Promise<Written[]> {
  const staged = await Promise.allSettled(writings.map((writing) => stage(writing, layout)));
  return await Promise.all(
    staged.map(async (one): Promise<Written> => {
      try {
        if (one.status === 'rejected') throw one.reason;
        return { info: await place(one.value, layout, folders) };
      } catch (error) {
        const code = error instanceof StorageError ? error.code : 'unavailable';
        return { error: { code, message: error instanceof Error ? error.message : String(error) } };
      }
    }),
  );
}

parentPort?.on('message', async ({ id, writings }: Request) => {
  parentPort?.postMessage({ id, written: await write(writings) });
});
