import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { checkKey, checkPrefix } from '../key.ts';
import {
  type ByteRange,
  type ObjectInfo,
  type ResumableObject,
  type Storage,
  StorageError,
  type StoredObject,
  type WrittenObject,
} from '../port.ts';
import type { S3Bucket } from './bucket.ts';
import { ResumableS3Object } from './resumable.ts';

/**
 * Objects below a prefix of a bucket: finished ones at `<prefix>objects/<key>`, the others at
 * `<prefix>incoming/<key>`. With a signer clients may write parts themselves. Throws `unavailable` or `denied` when the bucket cannot be used.
 */
export async function openS3Store(
  bucket: S3Bucket,
  prefix: string,
  signer: S3Client | null,
): Promise<Storage> {
  await bucket.check();
  return new S3Store(bucket, prefix, signer);
}

class S3Store implements Storage {
  readonly #bucket: S3Bucket;
  readonly #signer: S3Client | null;
  readonly #objects: string;
  readonly #incoming: string;

  constructor(bucket: S3Bucket, prefix: string, signer: S3Client | null) {
    this.#bucket = bucket;
    this.#signer = signer;
    this.#objects = `${prefix}objects/`;
    this.#incoming = `${prefix}incoming/`;
  }

  async put(key: string, body: Uint8Array | Readable): Promise<WrittenObject> {
    try {
      checkKey(key);
    } catch (error) {
      if (!(body instanceof Uint8Array)) body.destroy();
      throw error;
    }
    return { ...(await this.#bucket.put(this.#objects + key, body)), key };
  }

  async get(key: string, range?: ByteRange): Promise<StoredObject> {
    checkKey(key);
    return { ...(await this.#bucket.get(this.#objects + key, range)), key };
  }

  async head(key: string): Promise<ObjectInfo | null> {
    checkKey(key);
    const found = await this.#bucket.head(this.#objects + key);
    return found && { ...found, key };
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    checkPrefix(prefix);
    for await (const page of this.#bucket.pages(this.#objects + prefix)) {
      for (const info of page) yield { ...info, key: info.key.slice(this.#objects.length) };
    }
  }

  async deletePrefix(prefix: string): Promise<void> {
    checkPrefix(prefix);
    for await (const page of this.#bucket.pages(this.#objects + prefix)) {
      await this.#bucket.remove(page.map(({ key }) => key));
    }
  }

  /** No program of this machine reads it as a file. */
  async pathOf(key: string): Promise<null> {
    if (!(await this.head(key)))
      throw new StorageError('not_found', `There is no object "${key}".`);
    return null;
  }

  resumable(key: string): ResumableObject {
    checkKey(key);
    return new ResumableS3Object({
      bucket: this.#bucket,
      signer: this.#signer,
      key,
      objectKey: this.#objects + key,
      stateKey: this.#incoming + key,
      head: () => this.head(key),
    });
  }
}
