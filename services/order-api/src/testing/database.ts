import { type Database, migrate, ownMigrations, readMigrations } from '@spillway/database';
import { openTestDatabase } from '@spillway/database/testing';
import { orderMigrations } from '../adapters/sql/order-store.ts';

/** An empty database with the order API's tables; it is removed when it is closed. */
export async function openOrderDatabase(): Promise<Database> {
  const database = await openTestDatabase();
  await migrate(
    database,
    await ownMigrations(),
    await readMigrations('order-api', orderMigrations),
  );
  return database;
}
