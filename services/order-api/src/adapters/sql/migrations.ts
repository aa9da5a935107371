import { type Migrations, ownMigrations, readMigrations } from '@spillway/database';

/** All that the order API's database needs. */
export const orderApiMigrations = async (): Promise<Migrations[]> => [
  await ownMigrations(),
  await readMigrations('order-api', new URL('./migrations/', import.meta.url)),
];
