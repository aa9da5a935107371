import { stat } from 'node:fs/promises';
import { JobError } from '@spillway/contracts';

/** Refuses what is no regular file before it is opened: a pipe or a device never ends. */
export async function checkLocalFile(path: string): Promise<void> {
  // What cannot be looked at cannot be opened: whoever tries then says why.
  const stats = await stat(path).catch(() => null);
  if (stats && !stats.isFile()) {
    throw new JobError('source_not_allowed', `${path} is not a regular file.`);
  }
}
