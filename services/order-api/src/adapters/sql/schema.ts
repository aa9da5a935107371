import { setTimeout as wait } from 'node:timers/promises';
import { type Database, missingMigrations } from '@spillway/database';
import { orderApiMigrations } from './migrations.ts';

const LOOK_EVERY_MS = 1_000;

/**
 * Resolves when the database has the tables that this program needs; a newer program's are fine (law 9).
 * `onWait` hears, in a sentence, whatever it has to wait for, once each.
 */
export async function untilMigrated(
  database: Database,
  onWait: (reason: string) => void,
): Promise<void> {
  const migrations = await orderApiMigrations();
  const look = (): Promise<string | null> =>
    missingMigrations(database, migrations).then(
      (missing) =>
        missing.length > 0
          ? `The database lacks ${missing.join(', ')}: run the job \`migrate\` of this version.`
          : null,
      (error: Error) => `The database does not answer: ${error.message}`,
    );
  let told: string | null = null;
  for (let reason = await look(); reason !== null; reason = await look()) {
    if (reason !== told) onWait(reason);
    told = reason;
    await wait(LOOK_EVERY_MS);
  }
}
