import { stat } from 'node:fs/promises';
import { JobError } from '@spillway/contracts';

/** Rejects with a `JobError` when the path is not a file that can be looked at. */
export async function checkLocalFile(path: string): Promise<void> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new JobError('source_not_found', `There is no file ${path} that can be read.`, { cause });
  });
  if (!stats.isFile()) throw new JobError('source_not_allowed', `${path} is not a regular file.`);
}
