import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { contentTypeOf } from '../content-type.ts';
import {
  type ByteRange,
  type ObjectInfo,
  StorageError,
  type StoredObject,
  type WrittenObject,
} from '../port.ts';
import { translate, tried } from './errors.ts';

/** S3 takes 10,000 parts: objects of up to 78 GiB, above the largest source. */
export const PART_BYTES = 8 * 1024 * 1024;
/** Parts of one stream on their way at once: that many are in memory, and one that is filled. */
const PARTS_AT_ONCE = 2;

export const unquoted = (etag = ''): string => etag.replaceAll('"', '');

/** To the second: listings of some stores say more than answers to HEAD and GET. */
const inSeconds = (time = new Date(0)): Date => new Date(Math.floor(time.getTime() / 1000) * 1000);

interface Told {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

const infoOf = (key: string, bytes = 0, { ETag, LastModified }: Told): ObjectInfo => ({
  key,
  bytes,
  etag: unquoted(ETag),
  modifiedAt: inSeconds(LastModified),
});

/** Of a whole object, by the range that was answered: `bytes 0-9/1234`. */
const wholeBytes = (range: string | undefined, length: number | undefined): number | undefined =>
  range === undefined ? length : Number(range.slice(range.lastIndexOf('/') + 1));

/** The objects of one bucket, by their whole keys. Everything rejects with a `StorageError`. */
export class S3Bucket {
  readonly client: S3Client;
  readonly name: string;

  constructor(client: S3Client, name: string) {
    this.client = client;
    this.name = name;
  }

  /** Throws when there is no such bucket, or none that may be used. */
  async check(): Promise<void> {
    await tried(this.#what(), this.client.send(new HeadBucketCommand({ Bucket: this.name })));
  }

  async head(key: string): Promise<ObjectInfo | null> {
    try {
      const told = await this.client.send(new HeadObjectCommand(this.#at(key)));
      return infoOf(key, told.ContentLength, told);
    } catch (error) {
      const translated = translate(error, this.#what(key));
      if (translated instanceof StorageError && translated.code === 'not_found') return null;
      throw translated;
    }
  }

  /** `etag`: throws `changed` when the object has another. */
  async get(key: string, range?: ByteRange, etag?: string): Promise<StoredObject> {
    const command = new GetObjectCommand({
      ...this.#at(key),
      ...(range && { Range: `bytes=${range.start}-${range.end}` }),
      ...(etag !== undefined && { IfMatch: `"${etag}"` }),
    });
    const told = await tried(this.#what(key), this.client.send(command));
    if (!(told.Body instanceof Readable)) throw new TypeError('S3 answered without a body.');
    // Not every store that speaks S3 knows If-Match.
    if (etag !== undefined && unquoted(told.ETag) !== etag) {
      told.Body.destroy();
      throw new StorageError('changed', `${this.#what(key)} is another object now.`);
    }
    return {
      ...infoOf(key, wholeBytes(told.ContentRange, told.ContentLength), told),
      body: told.Body,
    };
  }

  /** A stream that breaks rejects with its own error, and leaves nothing behind. */
  async put(key: string, body: Uint8Array | Readable): Promise<WrittenObject> {
    if (!(body instanceof Uint8Array)) return await this.#putStream(key, body);
    const command = new PutObjectCommand({ ...this.#newAt(key), Body: body });
    const { ETag } = await tried(this.#what(key), this.client.send(command));
    return { key, bytes: body.length, etag: unquoted(ETag) };
  }

  async #putStream(key: string, body: Readable): Promise<WrittenObject> {
    // It may break while nobody reads it: before the first read, or when it is given up.
    body.on('error', () => undefined);
    let bytes = 0;
    let broken: { error: unknown } | undefined;
    const watched = async function* () {
      try {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          bytes += chunk.length;
          yield chunk;
        }
      } catch (error) {
        broken = { error };
        throw error;
      }
    };
    const upload = new Upload({
      client: this.client,
      params: { ...this.#newAt(key), Body: Readable.from(watched(), { objectMode: false }) },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    try {
      const { ETag } = await upload.done();
      return { key, bytes, etag: unquoted(ETag) };
    } catch (error) {
      body.destroy();
      // A body that was given up breaks as well, but that is not why.
      throw error === broken?.error ? error : translate(error, this.#what(key));
    }
  }

  /** A thousand at a time: that many come in one answer. */
  async *pages(prefix: string): AsyncIterable<ObjectInfo[]> {
    const pages = paginateListObjectsV2(
      { client: this.client },
      { Bucket: this.name, Prefix: prefix },
    );
    try {
      for await (const { Contents = [] } of pages) {
        yield Contents.map((told) => infoOf(told.Key ?? '', told.Size, told));
      }
    } catch (error) {
      throw translate(error, this.#what(prefix));
    }
  }

  /** At most a thousand; none is fine, and so is one that is not there. Tells every key that stays. */
  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const Objects = keys.map((Key) => ({ Key }));
    const command = new DeleteObjectsCommand({
      Bucket: this.name,
      Delete: { Objects, Quiet: true },
    });
    const { Errors = [] } = await tried(this.#what(), this.client.send(command));
    if (Errors.length === 0) return;
    const each = Errors.map(({ Key, Code, Message }) => `${Key} (${Code}: ${Message})`);
    throw new StorageError('unavailable', `${this.#what()}: not removed: ${each.join(', ')}`);
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.name, Key: key };
  }

  /** Whoever puts a server of files in front of the bucket sends what it says. */
  #newAt(key: string) {
    return { ...this.#at(key), ContentType: contentTypeOf(key) };
  }

  #what(key = ''): string {
    return `s3://${this.name}/${key}`;
  }
}
