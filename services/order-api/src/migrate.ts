// Brings the tables of DATABASE_URL up to date, says what that took, and ends: a job of its own, before
// a newer order-api is started (docs/upgrades.md).
import { migrate, openDatabase } from '@spillway/database';
import { ConfigError } from '@spillway/runtime';
import { orderApiMigrations } from './adapters/sql/migrations.ts';
import { readDatabaseUrl } from './config.ts';

try {
  const database = await openDatabase({ url: readDatabaseUrl() }, { statementSeconds: 0 });
  try {
    const applied = await migrate(database, await orderApiMigrations());
    process.stdout.write(
      applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n',
    );
  } finally {
    await database.close();
  }
} catch (error) {
  process.stderr.write(`Nothing was migrated: ${(error as Error).message}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
