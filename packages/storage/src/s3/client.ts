import { S3Client } from '@aws-sdk/client-s3';
import { hasOwnEndpoint, publicEndpointOf } from './config.ts';

export interface S3Connection {
  /** Of a store that is not AWS; else the SDK's own settings hold (`AWS_ENDPOINT_URL_S3`). */
  readonly endpoint?: string;
  /** Where clients reach that store; none: they do not. AWS they do. */
  readonly publicEndpoint?: string;
  /** Else the SDK's own settings hold (`AWS_REGION`). */
  readonly region?: string;
  /** Else the SDK's own chain holds (environment, task role, pod identity). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Many small objects at once: segments of several encodes, playlists of many viewers. */
const SOCKETS = 200;

interface ClientOptions {
  /** Parts of uploads that are begun by hand; `Upload` of lib-storage sees to it itself. */
  readonly plainParts?: boolean;
}

/** Opens no connection before it is used. */
export const createS3Client = (
  { publicEndpoint, ...connection }: S3Connection = {},
  { plainParts = false }: ClientOptions = {},
): S3Client =>
  new S3Client({
    ...connection,
    // AWS refuses a part with a checksum of an upload that was begun without one, and the SDK adds one to each.
    // The bytes are sure all the same: their hash is signed.
    ...(plainParts && { requestChecksumCalculation: 'WHEN_REQUIRED' as const }),
    // `http://store/bucket/key`: without it each bucket needs a name in the DNS.
    forcePathStyle: connection.endpoint !== undefined || hasOwnEndpoint(),
    // A customer's bucket may be in another region than ours.
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: 5_000,
      // Without a byte; whoever reads more slowly than that is a reader of small ranges.
      socketTimeout: 60_000,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });

/** Signs addresses for clients, and sends nothing; null when they cannot reach the store. */
export function createSigner(connection: S3Connection = {}): S3Client | null {
  const isAws = connection.endpoint === undefined && !hasOwnEndpoint();
  const { publicEndpoint = publicEndpointOf(), ...own } = connection;
  if (!isAws && publicEndpoint === null) return null;
  return new S3Client({
    ...own,
    ...(publicEndpoint !== null && { endpoint: publicEndpoint, forcePathStyle: true }),
    // Nobody knows a checksum of bytes that are still to come.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}
