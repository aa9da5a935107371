import { Readable } from 'node:stream';
import { type Logger, ProblemError } from '@spillway/runtime';
import { DataStore, type Lock, Server, Upload } from '@tus/server';
import type { OpenUpload } from '../../app/open-upload.ts';
import type { Uploads } from '../../app/uploads.ts';
import { problemOf } from './problems.ts';
import type { UploadAddresses } from './upload-addresses.ts';
import { noSuchUpload, uploadInUse } from './upload-problems.ts';

/** How long a request that is at work may go on when its client has come again. */
const LET_GO_MS = 500;

export const TUS_EXTENSIONS = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'termination',
  'expiration',
];

export interface TusParts {
  readonly uploads: Uploads;
  readonly addresses: UploadAddresses;
  readonly log: Logger;
}

/** Our uploads as the tus server wants them. It locks an upload around every call but the last of a creation. */
class TusStore extends DataStore {
  override extensions = TUS_EXTENSIONS;
  readonly #uploads: Uploads;
  readonly #locked = new Map<string, OpenUpload>();

  constructor(uploads: Uploads) {
    super();
    this.#uploads = uploads;
  }

  newLock(id: string): Lock {
    return {
      lock: async (signal, letGo) => {
        const open = await this.#uploads.open(id, letGo, signal);
        if (!open) throw noSuchUpload(id);
        this.#locked.set(id, open);
      },
      unlock: async () => {
        const open = this.#locked.get(id);
        this.#locked.delete(id);
        await open?.close();
      },
    };
  }

  override async create(asked: Upload): Promise<Upload> {
    const open = this.#open(asked.id);
    await open.begin(asked.size ?? null);
    if (asked.size === 0) await open.append(Readable.from([]), 0);
    return asked;
  }

  override async write(body: Readable, id: string, offset: number): Promise<number> {
    const open = this.#open(id);
    // The server lets no byte beyond the length through.
    if (open.upload.status === 'complete') return offset;
    return await open.append(body, offset);
  }

  override async getUpload(id: string): Promise<Upload> {
    const open = this.#locked.get(id);
    await open?.settle();
    const upload = open?.upload ?? (await this.#uploads.read(id));
    if (!upload) throw noSuchUpload(id);
    const expiresAt = Date.parse(upload.expiresAt);
    return new Upload({
      id,
      ...(upload.bytes !== null && { size: upload.bytes }),
      offset: await this.#uploads.receivedBytes(upload),
      // The server adds what `getExpiration` says.
      creation_date: new Date(expiresAt - this.#uploads.lifeMs).toISOString(),
    });
  }

  override async declareUploadLength(id: string, bytes: number): Promise<void> {
    await this.#open(id).declare(bytes);
  }

  override async remove(id: string): Promise<void> {
    if (!(await this.#open(id).remove())) throw uploadInUse();
  }

  override getExpiration(): number {
    return this.#uploads.lifeMs;
  }

  #open(id: string): OpenUpload {
    const open = this.#locked.get(id);
    if (!open) throw new Error(`tus has not locked ${id}`);
    return open;
  }
}

/** The path's `/v1/uploads/{id}/{token}`, which was checked before. */
const idOf = (request: Request): string => new URL(request.url).pathname.split('/').at(-2) ?? '';

/** tus 1.0 at an upload's address, where creating, sending and asking for the offset all happen. */
export function tusServer({ uploads, addresses, log }: TusParts): Server {
  const datastore = new TusStore(uploads);
  return new Server({
    path: '/v1/uploads',
    datastore,
    locker: datastore,
    lockDrainTimeout: LET_GO_MS,
    disableTerminationForFinishedUploads: true,
    maxSize: async (_request, id) => (id && (await uploads.read(id))?.maxBytes) || 0,
    getFileIdFromRequest: idOf,
    namingFunction: idOf,
    generateUrl: (_request, { id }) => addresses.urlOf(id),
    onResponseError(_request, error) {
      if (!(error instanceof Error) || 'status_code' in error) return undefined;
      const problem = problemOf(error);
      if (problem instanceof ProblemError) {
        return { status_code: problem.status, body: `${problem.title}: ${problem.message}\n` };
      }
      log.error({ err: error }, 'a tus request failed');
      return { status_code: 500, body: 'Something went wrong on our side\n' };
    },
  });
}
