import type {
  Customer,
  CustomerLimits,
  CustomerRecord,
  CustomerSettings,
  OwnLimits,
} from '@spillway/contracts';
import { lookUps } from './look-ups.ts';

/** What another process has changed is seen after so long. */
export const REMEMBERED_MS = 10_000;

/** What an operator chose for a customer. */
export interface StoredCustomer extends CustomerSettings {
  readonly id: string;
  readonly createdAt: string;
}

/** A page of a list, in the order of the ids. */
export interface PageQuery {
  /** Those after this id; null: from the first. */
  readonly after: string | null;
  readonly limit: number;
}

export interface CustomerStore {
  find(id: string): Promise<StoredCustomer | null>;
  /** Replaces what was chosen before. */
  put(id: string, settings: CustomerSettings): Promise<StoredCustomer>;
  list(query: PageQuery): Promise<StoredCustomer[]>;
}

/** Customers with every limit filled in. */
export interface Customers {
  /** May be some seconds old. One that was never made is as the service is set. */
  get(id: string): Promise<Customer>;
  read(id: string): Promise<CustomerRecord | null>;
  put(id: string, settings: CustomerSettings): Promise<CustomerRecord>;
  list(query: PageQuery): Promise<CustomerRecord[]>;
}

const limitsOf = (own: OwnLimits, defaults: CustomerLimits): CustomerLimits => ({
  openOrders: own.openOrders ?? defaults.openOrders,
  requestsPerSecond: own.requestsPerSecond ?? defaults.requestsPerSecond,
  source: {
    bytes: own.source?.bytes ?? defaults.source.bytes,
    seconds: own.source?.seconds ?? defaults.source.seconds,
    pixels: own.source?.pixels ?? defaults.source.pixels,
  },
});

export function createCustomers(store: CustomerStore, defaults: CustomerLimits): Customers {
  const recordOf = ({ limits, ...customer }: StoredCustomer): CustomerRecord => ({
    ...customer,
    limits: limitsOf(limits, defaults),
    ownLimits: limits,
  });

  const unknown = (id: string): Customer => ({
    id,
    limits: defaults,
    sourcePrefixes: [],
    destinationPrefixes: [],
  });

  const remembered = lookUps(async (id): Promise<Customer> => {
    const found = await store.find(id);
    return found ? recordOf(found) : unknown(id);
  }, REMEMBERED_MS);

  return {
    get: remembered.get,
    async read(id) {
      const found = await store.find(id);
      return found && recordOf(found);
    },
    async put(id, settings) {
      const record = recordOf(await store.put(id, settings));
      remembered.forget(id);
      return record;
    },
    async list(query) {
      return (await store.list(query)).map(recordOf);
    },
  };
}
