/**
 * Whether an S3-compatible store is spoken to in place of AWS: the AWS SDK reads the same variables.
 * Such stores seldom have a host name for each bucket.
 */
export const hasOwnEndpoint = (): boolean =>
  Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL);

/** Where clients reach an S3-compatible store, which may be another address than ours. */
export const publicEndpointOf = (): string | null => process.env.SPILLWAY_S3_PUBLIC_URL || null;
