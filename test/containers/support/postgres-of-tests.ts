import { type StartedPostgres, startPostgres } from './postgres.ts';

let postgres: StartedPostgres;

/** Before the suites of `Postgres 17`: the server that `openTestDatabase` makes its databases on. */
export async function setup(): Promise<void> {
  postgres = await startPostgres();
  process.env.SPILLWAY_TEST_DATABASE_URL = postgres.url;
}

export const teardown = (): Promise<void> => postgres.remove();
