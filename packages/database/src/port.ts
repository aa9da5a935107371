export type Row = Record<string, unknown>;

export interface Queryable {
  /** Runs one statement with `$1`-style parameters; objects are passed as JSON text and cast in the SQL. */
  query<T extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
}

/**
 * Postgres, or Postgres inside the process (PGlite): one dialect, the same migrations and queries. A
 * statement outside `transaction` commits by itself.
 */
export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
