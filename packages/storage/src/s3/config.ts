/**
 * Whether an S3-compatible store is spoken to in place of AWS: the AWS SDK reads the same variables.
 * Such stores seldom have a host name for each bucket.
 */
export const hasOwnEndpoint = (): boolean =>
  Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL);
