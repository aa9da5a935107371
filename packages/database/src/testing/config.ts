/** A Postgres whose user may create databases; without one the tests run on PGlite. */
export const testDatabaseUrl = (): string | null => process.env.SPILLWAY_TEST_DATABASE_URL || null;
