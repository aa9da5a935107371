import { existsSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { run } from '../settings.ts';

/** Keeps an ffmpeg behind the programs beside it; throws for one that has ended. */
export const lowerPriority = (pid: number): void => setPriority(pid, run.niceness);

/**
 * Keeps it behind other ffmpegs too. Where Linux shares between sessions first (autogroups: outside of
 * containers), a nice value counts within the session only, and each ffmpeg leads its own: there the
 * session's is lowered as well.
 */
export function letOthersFirst(pid: number): void {
  setPriority(pid, run.niceness + run.yieldedNiceness);
  const session = `/proc/${pid}/autogroup`;
  if (!existsSync(session)) return;
  try {
    writeFileSync(session, String(run.yieldedNiceness));
  } catch {
    // Ordinary users are refused more than one such change in 0.1 s: then it is only less polite.
  }
}
