export {
  type Migration,
  type Migrations,
  migrate,
  missingMigrations,
  ownMigrations,
  readMigrations,
} from './migrate.ts';
export * from './open.ts';
export * from './outbox.ts';
export * from './outbox-store.ts';
export * from './port.ts';
export * from './relay.ts';
