import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type ObjectInfo, type ResumableObject, StorageError } from '../port.ts';
import { PART_BYTES, type S3Bucket } from './bucket.ts';
import { isNamed, translate, tried } from './errors.ts';

export interface ResumableS3Parts {
  readonly bucket: S3Bucket;
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
}

const nothing: State = { uploadId: null, parts: [], tail: Buffer.alloc(0) };

const sizeOf = ({ parts, tail }: State): number =>
  parts.reduce((sum, { bytes }) => sum + bytes, tail.length);

/** One line of JSON, then the bytes of the tail: one object, so it is always of one moment. */
function bytesOf({ uploadId, parts, tail }: State): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ uploadId, parts })}\n`), tail]);
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
  async #sendPart({ uploadId, parts, tail }: State): Promise<State> {
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
      else await this.#complete(state.tail.length > 0 ? await this.#sendPart(state) : state);
      await bucket.remove([stateKey]);
    }
    const finished = await head();
    if (!finished) throw new StorageError('not_found', `Nothing of "${key}" has come.`);
    return finished;
  }

  async #complete(state: State): Promise<void> {
    const { bucket, objectKey, head } = this.#parts;
    const Parts = state.parts.map(({ etag }, index) => ({ PartNumber: index + 1, ETag: etag }));
    const UploadId = state.uploadId ?? '';
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
      if (made?.bytes !== sizeOf(state)) throw translate(error, objectKey);
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
