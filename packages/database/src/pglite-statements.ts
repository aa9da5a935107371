import { type PGlite, parse, protocol } from '@electric-sql/pglite';

const { serialize } = protocol;

/** Beyond so many different statements the rest are planned each time they run. */
const MOST_PREPARED = 500;

interface Prepared {
  readonly name: string;
  /** Type ids of its parameters. */
  readonly types: readonly number[];
}

export type RunStatement = (sql: string, parameters: readonly unknown[]) => Promise<object[]>;

/**
 * Runs each statement as a prepared one, in one exchange. For statements as ours, planning is two thirds
 * of the time: an order's insert takes 0.4 ms of CPU this way and 1.4 ms by `PGlite.query`.
 */
export function preparedStatements(pglite: PGlite): RunStatement {
  const prepared = new Map<string, Prepared>();

  async function prepare(sql: string): Promise<Prepared> {
    const known = prepared.get(sql);
    if (known) return known;
    const name = prepared.size < MOST_PREPARED ? `s${prepared.size}` : '';
    const { messages } = await pglite.execProtocol(
      Buffer.concat([
        serialize.parse({ name, text: sql }),
        serialize.describe({ type: 'S', name }),
        serialize.sync(),
      ]),
    );
    const statement = { name, types: parse.parseDescribeStatementResults(messages) };
    if (name !== '') prepared.set(sql, statement);
    return statement;
  }

  return async (sql, parameters) => {
    const { name, types } = await prepare(sql);
    const values = parameters.map((value, index) => {
      if (value === null || value === undefined) return null;
      const serializer = pglite.serializers[types[index] ?? 0];
      return serializer ? serializer(value) : String(value);
    });
    const { messages } = await pglite.execProtocol(
      Buffer.concat([
        serialize.bind({ statement: name, values }),
        serialize.describe({ type: 'P' }),
        serialize.execute({}),
        serialize.sync(),
      ]),
    );
    return (parse.parseResults(messages, pglite.parsers)[0]?.rows ?? []) as object[];
  };
}
