import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type ApiKey, newApiKeyId } from '@spillway/contracts';
import type { Caller } from './caller.ts';
import { type Customers, type PageQuery, REMEMBERED_MS } from './customers.ts';
import { lookUps } from './look-ups.ts';

/** A first key that another process made switches keys on here after so long. */
const NO_KEYS_REMEMBERED_MS = 1_000;

export interface StoredKey extends ApiKey {
  readonly hash: Buffer;
}

export interface KeyStore {
  /** Makes its customer, when there is none yet. */
  create(key: StoredKey): Promise<void>;
  find(id: string): Promise<StoredKey | null>;
  list(query: PageQuery): Promise<ApiKey[]>;
  /** False when there is no such key; a revoked one stays as it is. */
  revoke(id: string): Promise<boolean>;
  /** Whether there ever was a key, revoked ones included. */
  hasAny(): Promise<boolean>;
}

export interface ApiKeys {
  /** Whether a request must carry a key. */
  areNeeded(): Promise<boolean>;
  /** Whose key it is; null: it is none, or it was revoked. */
  callerOf(key: string): Promise<Caller | null>;
  /** While no keys are needed, everyone is the operator, and orders as the customer `default`. */
  everyone(): Promise<Caller>;
  /** For a customer, or null for the operator. The key itself is in the answer and nowhere else. */
  create(customerId: string | null): Promise<{ key: string; stored: StoredKey }>;
  list(query: PageQuery): Promise<ApiKey[]>;
  /** Here at once, in other processes within seconds. False when there is no such key. */
  revoke(id: string): Promise<boolean>;
}

/** The customer that an operator's own orders are of. */
const OPERATORS_CUSTOMER = 'default';

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** `spw_<ULID of the key's id>_<256 random bits in base64url>`: recognizable to whoever scans for leaked keys. */
const KEY = /^spw_([0-9A-HJKMNP-TV-Z]{26})_[\w-]{43}$/;

const keyIdOf = (key: string): string | null => {
  const ulid = KEY.exec(key)?.[1];
  return ulid === undefined ? null : `key_${ulid}`;
};

function newKey(customerId: string | null): { key: string; stored: StoredKey } {
  const id = newApiKeyId();
  const key = `spw_${id.slice('key_'.length)}_${randomBytes(32).toString('base64url')}`;
  const createdAt = new Date().toISOString();
  const stored = { id, customerId, hash: hashOf(key), hint: key.slice(-4), createdAt };
  return { key, stored: { ...stored, revokedAt: null } };
}

export interface ApiKeyParts {
  readonly store: KeyStore;
  readonly customers: Pick<Customers, 'get'>;
  /** The operator's own key, from the settings; null: there is none. */
  readonly adminKey: string | null;
  /** Others than this machine reach the server: keys are needed from the start. */
  readonly isExposed: boolean;
}

/** API keys: whose they are, compared by hashes in constant time; looked up by their ids, which are no secret. */
export function createApiKeys({ store, customers, adminKey, isExposed }: ApiKeyParts): ApiKeys {
  const adminHash = adminKey === null ? null : hashOf(adminKey);
  const keys = lookUps(store.find, REMEMBERED_MS);
  const looks = lookUps(store.hasAny, NO_KEYS_REMEMBERED_MS);
  let everHadOne = isExposed;

  const callerFor = async (customerId: string | null): Promise<Caller> => ({
    customer: await customers.get(customerId ?? OPERATORS_CUSTOMER),
    isAdmin: customerId === null,
  });

  return {
    async areNeeded() {
      everHadOne ||= await looks.get('any key');
      return everHadOne;
    },
    async callerOf(key) {
      const hash = hashOf(key);
      if (adminHash !== null && timingSafeEqual(hash, adminHash)) return callerFor(null);
      const id = keyIdOf(key);
      if (id === null) return null;
      const stored = await keys.get(id);
      if (stored === null || !timingSafeEqual(hash, stored.hash)) return null;
      return stored.revokedAt === null ? callerFor(stored.customerId) : null;
    },
    everyone: () => callerFor(null),
    async create(customerId) {
      const created = newKey(customerId);
      await store.create(created.stored);
      everHadOne = true;
      return created;
    },
    list: (query) => store.list(query),
    async revoke(id) {
      const found = await store.revoke(id);
      keys.forget(id);
      return found;
    },
  };
}
