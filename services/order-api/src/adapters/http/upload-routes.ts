import { type CreatedUpload, CreateUpload, type Upload, UploadId } from '@spillway/contracts';
import { invalidFields } from '@spillway/runtime';
import { json, type Request, type Response, Router } from 'express';
import { maySee } from '../../app/caller.ts';
import type { Uploads } from '../../app/uploads.ts';
import { type UploadState, uploadView } from '../../domain/upload.ts';
import { callerOf } from './caller.ts';
import { contextOf } from './request-context.ts';
import type { UploadAddresses } from './upload-addresses.ts';
import { noSuchUpload, uploadInUse } from './upload-problems.ts';

const BODY_LIMIT = '16kb';

export interface UploadRouteParts {
  readonly uploads: Uploads;
  readonly addresses: UploadAddresses;
}

export const viewOf = async (
  { uploads, addresses }: UploadRouteParts,
  upload: UploadState,
): Promise<Upload> =>
  uploadView(upload, {
    now: uploads.now(),
    receivedBytes: await uploads.receivedBytes(upload),
    url: addresses.urlOf(upload.id),
  });

/** Another customer's is as if it did not exist. */
async function ownUpload(
  { uploads }: UploadRouteParts,
  request: Request,
  response: Response,
): Promise<UploadState> {
  const id = String(request.params.id);
  const upload = UploadId.safeParse(id).success ? await uploads.current(id) : null;
  if (!upload || !maySee(callerOf(response), upload)) throw noSuchUpload(id);
  return upload;
}

const createUpload =
  (parts: UploadRouteParts) =>
  async (request: Request, response: Response<CreatedUpload>): Promise<void> => {
    const body = CreateUpload.safeParse(request.body ?? {});
    if (!body.success) throw invalidFields(body.error, 'body');
    const upload = await parts.uploads.create(callerOf(response), body.data);
    contextOf(response).log.info({ uploadId: upload.id }, 'upload made');
    response
      .status(201)
      .location(`/v1/uploads/${upload.id}`)
      .json({
        ...(await viewOf(parts, upload)),
        url: parts.addresses.urlOf(upload.id),
        parts: await parts.uploads.beginParts(upload),
      });
  };

const removeUpload =
  (parts: UploadRouteParts) =>
  async (request: Request, response: Response): Promise<void> => {
    const { id } = await ownUpload(parts, request, response);
    const result = await parts.uploads.remove(id);
    if (result === 'not_found') throw noSuchUpload(id);
    if (result === 'in_use') throw uploadInUse();
    contextOf(response).log.info({ uploadId: id }, 'upload removed');
    response.status(204).end();
  };

/** Uploads: make, look at, remove. Their bytes go to the addresses of `uploadAddressRoutes`. */
export function uploadRoutes(parts: UploadRouteParts): Router {
  const router = Router();
  router.post('/v1/uploads', json({ limit: BODY_LIMIT }), createUpload(parts));
  router.get('/v1/uploads/:id', async (request, response) => {
    const upload = await ownUpload(parts, request, response);
    response.json(await viewOf(parts, upload));
  });
  router.delete('/v1/uploads/:id', removeUpload(parts));
  return router;
}
