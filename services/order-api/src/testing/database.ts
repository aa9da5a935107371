import { type Database, migrate } from '@spillway/database';
import { openTestDatabase } from '@spillway/database/testing';
import { orderApiMigrations } from '../adapters/sql/migrations.ts';

/** An empty database with the order API's tables; it is removed when it is closed. */
export async function openOrderDatabase(): Promise<Database> {
  const database = await openTestDatabase();
  await migrate(database, await orderApiMigrations());
  return database;
}
