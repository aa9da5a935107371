import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  type ObjectInfo,
  type PartAddresses,
  type ResumableObject,
  StorageError,
} from '../port.ts';
import { PART_BYTES, type S3Bucket } from './bucket.ts';
import { isNamed, translate, tried } from './errors.ts';

export interface ResumableS3Parts {
  readonly bucket: S3Bucket;
  /** Null where clients do not reach the store. */
  readonly signer: S3Client | null;
  readonly key: string;
  readonly objectKey: string;
  /** Of the object that says how far it is. */
  readonly stateKey: string;
  readonly head: () => Promise<ObjectInfo | null>;
}

/** What has come: the parts of a multipart upload, and behind them too few bytes for another one. */
interface State {
  readonly uploadId: string | null;
  readonly parts: readonly { readonly etag: string; readonly bytes: number }[];
  readonly tail: Buffer;
  /** What clients are to write themselves. */
  readonly lent: { readonly parts: number; readonly bytes: number } | null;
}

const nothing: State = { uploadId: null, parts: [], tail: Buffer.alloc(0), lent: null };

/** Of what clients write: each address is some 500 characters of one answer. */
const MOST_LENT_PARTS = 200;
/** As long as S3 lets an address be good for. */
const MOST_SIGNED_SECONDS = 7 * 24 * 3600;

const sizeOf = ({ parts, tail }: State): number =>
  parts.reduce((sum, { bytes }) => sum + bytes, tail.length);

/** One line of JSON, then the bytes of the tail: one object, so it is always of one moment. */
function bytesOf({ tail, ...line }: State): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), tail]);
}

function stateOf(bytes: Buffer): State {
  const end = bytes.indexOf('\n');
  return { ...JSON.parse(bytes.toString('utf8', 0, end)), tail: bytes.subarray(end + 1) };
}

/**
 * An object that grows as a multipart upload. Whole parts are S3's; which of them count, and the bytes
 * behind them, stand in an object of its own, which is written after every part.
 */
export class ResumableS3Object implements ResumableObject {
  readonly #parts: ResumableS3Parts;

  constructor(parts: ResumableS3Parts) {
    this.#parts = parts;
  }

  async size(): Promise<number | null> {
    const state = await this.#read();
    return state && sizeOf(state);
  }

  async append(body: Readable, offset: number): Promise<number> {
    // It may break before it is read, when nobody else listens; reading it then throws.
    body.on('error', () => undefined);
    try {
      const state = (await this.#read()) ?? nothing;
      const size = sizeOf(state);
      if (offset !== size) {
        const { key } = this.#parts;
        throw new StorageError('wrong_offset', `"${key}" has ${size} bytes, not ${offset}.`);
      }
      return await this.#append(state, body);
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  async #append(before: State, body: Readable): Promise<number> {
    let state = before;
    let waiting: Buffer[] = [before.tail];
    let waitingBytes = before.tail.length;
    const keep = async () => {
      state = { ...state, tail: Buffer.concat(waiting) };
      while (state.tail.length >= PART_BYTES) state = await this.#sendPart(state);
      await this.#write(state);
      waiting = [state.tail];
      waitingBytes = state.tail.length;
    };
    const chunks = body[Symbol.asyncIterator]();
    for (;;) {
      let next: IteratorResult<Buffer>;
      try {
        next = await chunks.next();
      } catch (error) {
        await keep();
        throw error;
      }
      if (next.done) break;
      waiting.push(next.value);
      waitingBytes += next.value.length;
      if (waitingBytes >= PART_BYTES) await keep();
    }
    await keep();
    return sizeOf(state);
  }

  /** As much of the tail as fits becomes a part: some stores want all but the last of one size. */
  async #sendPart({ uploadId, parts, tail, ...state }: State): Promise<State> {
    const { objectKey } = this.#parts;
    const { client } = this.#parts.bucket;
    const id = uploadId ?? (await this.#begin());
    const bytes = Math.min(PART_BYTES, tail.length);
    const command = new UploadPartCommand({
      ...this.#target,
      UploadId: id,
      PartNumber: parts.length + 1,
      Body: tail.subarray(0, bytes),
    });
    const { ETag = '' } = await tried(objectKey, client.send(command));
    return {
      ...state,
      uploadId: id,
      parts: [...parts, { etag: ETag, bytes }],
      tail: tail.subarray(bytes),
    };
  }

  async #begin(): Promise<string> {
    const { bucket, objectKey } = this.#parts;
    const command = new CreateMultipartUploadCommand(this.#target);
    const { UploadId = '' } = await tried(objectKey, bucket.client.send(command));
    return UploadId;
  }

  async finish(): Promise<ObjectInfo> {
    const { bucket, objectKey, stateKey, head, key } = this.#parts;
    const state = await this.#read();
    if (state) {
      if (state.uploadId === null) await bucket.put(objectKey, state.tail);
      else {
        const { uploadId, ...whole } = state.tail.length > 0 ? await this.#sendPart(state) : state;
        await this.#complete(
          uploadId,
          whole.parts.map(({ etag }) => etag),
          sizeOf(state),
        );
      }
      await bucket.remove([stateKey]);
    }
    const finished = await head();
    if (!finished) throw new StorageError('not_found', `Nothing of "${key}" has come.`);
    return finished;
  }

  async beginParts(bytes: number, seconds: number): Promise<PartAddresses | null> {
    const { signer } = this.#parts;
    if (!signer) return null;
    await this.discard();
    const UploadId = await this.#begin();
    const partBytes = Math.max(PART_BYTES, Math.ceil(bytes / MOST_LENT_PARTS));
    const parts = Math.ceil(bytes / partBytes);
    await this.#write({ ...nothing, uploadId: UploadId, lent: { parts, bytes } });
    const expiresIn = Math.floor(Math.min(seconds, MOST_SIGNED_SECONDS));
    const urlOf = (index: number) => {
      const ContentLength = Math.min(partBytes, bytes - index * partBytes);
      const part = { ...this.#target, UploadId, PartNumber: index + 1, ContentLength };
      // The length is signed too: nobody writes more than was declared.
      const signableHeaders = new Set(['host', 'content-length']);
      return getSignedUrl(signer, new UploadPartCommand(part), { expiresIn, signableHeaders });
    };
    const urls = await Promise.all(Array.from({ length: parts }, (_, index) => urlOf(index)));
    return { bytes: partBytes, urls };
  }

  async finishParts(etags: readonly string[]): Promise<ObjectInfo> {
    const { bucket, objectKey, stateKey, head, key } = this.#parts;
    const state = await this.#read();
    const finished = state ? null : await head();
    if (finished) return finished;
    const lent = state?.lent ?? null;
    if (!state || !lent || lent.parts !== etags.length || sizeOf(state) > 0) {
      const most = lent?.parts ?? 0;
      throw new StorageError('wrong_parts', `"${key}" has ${most} parts to be written.`);
    }
    await this.#complete(state.uploadId, etags, lent.bytes);
    const made = await head();
    if (made?.bytes === lent.bytes) {
      await bucket.remove([stateKey]);
      return made;
    }
    // Not every store checks the length that it was asked to.
    await bucket.remove([objectKey]);
    await bucket.remove([stateKey]);
    throw new StorageError('wrong_parts', `The parts of "${key}" are not ${lent.bytes} bytes.`);
  }

  async #complete(id: string | null, etags: readonly string[], bytes: number): Promise<void> {
    const { bucket, objectKey, head } = this.#parts;
    const Parts = etags.map((ETag, index) => ({ PartNumber: index + 1, ETag }));
    const UploadId = id ?? '';
    const command = new CompleteMultipartUploadCommand({
      ...this.#target,
      UploadId,
      MultipartUpload: { Parts },
    });
    try {
      await bucket.client.send(command);
    } catch (error) {
      // Completed before, when the answer or what follows it was lost.
      const made = isNamed(error, 'NoSuchUpload') ? await head() : null;
      if (made?.bytes !== bytes) throw translate(error, objectKey);
    }
  }

  async discard(): Promise<void> {
    const { bucket, objectKey, stateKey } = this.#parts;
    const state = await this.#read();
    if (!state) return;
    if (state.uploadId !== null) {
      const command = new AbortMultipartUploadCommand({
        ...this.#target,
        UploadId: state.uploadId,
      });
      try {
        await bucket.client.send(command);
      } catch (error) {
        if (!isNamed(error, 'NoSuchUpload')) throw translate(error, objectKey);
      }
    }
    await bucket.remove([stateKey]);
  }

  async #read(): Promise<State | null> {
    const { bucket, stateKey } = this.#parts;
    try {
      return stateOf(await buffer((await bucket.get(stateKey)).body));
    } catch (error) {
      if (error instanceof StorageError && error.code === 'not_found') return null;
      throw error;
    }
  }

  async #write(state: State): Promise<void> {
    await this.#parts.bucket.put(this.#parts.stateKey, bytesOf(state));
  }

  get #target(): { Bucket: string; Key: string } {
    return { Bucket: this.#parts.bucket.name, Key: this.#parts.objectKey };
  }
}
