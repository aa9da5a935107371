import type { OwnLimits } from '@spillway/contracts';
import type { Database } from '@spillway/database';
import type { CustomerStore, StoredCustomer } from '../../app/customers.ts';
import { time } from './rows.ts';

interface CustomerRow {
  readonly id: string;
  readonly limits: OwnLimits;
  readonly source_prefixes: string[];
  readonly destination_prefixes: string[];
  readonly created_at: Date;
}

const COLUMNS = 'id, limits, source_prefixes, destination_prefixes, created_at';

const customerOf = (row: CustomerRow): StoredCustomer => ({
  id: row.id,
  limits: row.limits,
  sourcePrefixes: row.source_prefixes,
  destinationPrefixes: row.destination_prefixes,
  createdAt: time(row.created_at),
});

/** Customers in the database. */
export const sqlCustomers = (database: Database): CustomerStore => ({
  async find(id) {
    const [row] = await database.query<CustomerRow>(
      `SELECT ${COLUMNS} FROM customers WHERE id = $1`,
      [id],
    );
    return row ? customerOf(row) : null;
  },
  async put(id, { limits, sourcePrefixes, destinationPrefixes }) {
    const rows = await database.query<CustomerRow>(
      `INSERT INTO customers (${COLUMNS}) VALUES ($1, $2::jsonb, $3::text[], $4::text[], now())
       ON CONFLICT (id) DO UPDATE SET limits = excluded.limits,
         source_prefixes = excluded.source_prefixes, destination_prefixes = excluded.destination_prefixes
       RETURNING ${COLUMNS}`,
      [id, limits, sourcePrefixes, destinationPrefixes],
    );
    const [customer] = rows.map(customerOf);
    if (!customer) throw new Error(`the customer ${id} was not written`);
    return customer;
  },
  async list({ after, limit }) {
    const rows = await database.query<CustomerRow>(
      `SELECT ${COLUMNS} FROM customers WHERE $1::text IS NULL OR id > $1 ORDER BY id LIMIT $2`,
      [after, limit],
    );
    return rows.map(customerOf);
  },
});
