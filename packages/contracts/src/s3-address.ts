export interface S3Address {
  readonly bucket: string;
  /** As it is: nothing in an `s3:` address is decoded. */
  readonly key: string;
}

/** No blanks, and nothing that an address would be cut at or that may be meant as another sign. */
const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([^\s\p{Cc}?#%\\]*)$/u;

/** Stores that keep files would take those for another folder. */
const isTricky = (key: string): boolean =>
  key.split('/').some((part) => part === '.' || part === '..') || /^\/|\/\//.test(key);

/**
 * What `s3://bucket/key` names, or `s3://bucket/folder/`; null for any other address, and for a key that
 * could be meant as another one: with `..`, empty parts, blanks or percent signs.
 */
export function readS3Address(url: string): S3Address | null {
  const [, bucket, key] = ADDRESS.exec(url) ?? [];
  if (bucket === undefined || key === undefined || isTricky(key)) return null;
  return Buffer.byteLength(key) > 1024 ? null : { bucket, key };
}

/** Whether an `s3:` address is below one of the prefixes, which end in a slash. */
export const isBelow = (url: string, prefixes: readonly string[]): boolean =>
  readS3Address(url) !== null &&
  prefixes.some((prefix) => prefix.endsWith('/') && url.startsWith(prefix));
