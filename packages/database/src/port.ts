export type Row = Record<string, unknown>;

export interface QueryOptions {
  /**
   * False: the caller can do without what it writes should the machine stop now, and need not wait for
   * the disk. A server waits all the same.
   */
  readonly durable?: boolean;
}

export interface Queryable {
  /**
   * Runs one statement with `$1`-style parameters; objects are passed as JSON text and cast in the
   * SQL. `bigint` comes back as a number, `timestamptz` as a `Date`. Throws `DatabaseError`.
   *
   * It is prepared and stays so: values are parameters, never text of the statement, and columns are
   * named, because `*` breaks a prepared statement once a newer program has added a column (law 9).
   *
   * One that begins with SELECT is taken for one that writes nothing: nobody waits for the disk.
   */
  query<T extends object = Row>(
    sql: string,
    parameters?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<T[]>;
  /** Runs several statements without parameters, as a migration has them. */
  runScript(sql: string): Promise<void>;
}

/** Held by one holder at a time among all processes of the database; lost with its connection. */
export interface Lock {
  readonly held: boolean;
  release(): Promise<void>;
}

/**
 * What is asked of a lock itself is carried out while it is held, or fails: a holder that was cut off may not
 * have heard yet that it is none any more.
 */
export type SessionLock = Lock & Pick<Queryable, 'query'>;

/**
 * Postgres, or Postgres inside the process (PGlite): one dialect, the same migrations and queries. A
 * statement outside `transaction` commits by itself; what is committed survives a power cut.
 */
export interface Database extends Queryable {
  /** Other processes may have it open too. */
  readonly isShared: boolean;
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Null when another holds the lock of that name. */
  tryLock(name: string): Promise<SessionLock | null>;
  /** Lets what was asked for end, then lets go. */
  close(): Promise<void>;
}

/**
 * SQLSTATE classes of what passes: connection, rollback by conflict, resources (a full disk), operator. A
 * code that is no SQLSTATE, or none, says that the database was not reached.
 */
const PASSING = /^(08|40|53|57)/;

/** `code` is an SQLSTATE, or the system's word (`ECONNREFUSED`) when Postgres was not reached. */
export class DatabaseError extends Error {
  readonly code: string | undefined;
  readonly constraint: string | undefined;

  constructor(
    message: string,
    details: { code?: string | undefined; constraint?: string | undefined },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DatabaseError';
    this.code = details.code;
    this.constraint = details.constraint;
  }

  /** Nothing is wrong with the statement: later it may be carried out, and perhaps it was. */
  get isPassing(): boolean {
    const { code } = this;
    return code === undefined || !/^[0-9A-Z]{5}$/.test(code) || PASSING.test(code);
  }
}
