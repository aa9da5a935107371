import { CompleteUpload, type Upload, UploadId } from '@spillway/contracts';
import { invalidFields, ProblemError } from '@spillway/runtime';
import {
  type ErrorRequestHandler,
  json,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { statusAt, type UploadState } from '../../domain/upload.ts';
import { contextOf } from './request-context.ts';
import { cutSilentBodies } from './slow-bodies.ts';
import { TUS_EXTENSIONS, type TusParts, tusServer } from './tus.ts';
import { noSuchUpload, uploadExpired } from './upload-problems.ts';
import { viewOf } from './upload-routes.ts';

const PATH = '/v1/uploads/:id/:token';
const COMPLETE = `${PATH}/complete`;
const METHODS = 'PUT, POST, HEAD, PATCH, DELETE, OPTIONS';

/** Pages of any origin may send: the address says all, and no cookie is ever looked at. */
const cors: RequestHandler = (_request, response, next) => {
  response.set({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': '*',
    'cache-control': 'no-store',
  });
  next();
};

const uploadOf = (response: Response): UploadState => response.locals.upload as UploadState;

const authorize =
  ({ uploads, addresses }: TusParts): RequestHandler<{ id: string; token: string }> =>
  async (request, response, next) => {
    const { id, token } = request.params;
    if (!UploadId.safeParse(id).success || !addresses.isToken(id, token)) throw noSuchUpload(id);
    const upload = await uploads.read(id);
    if (!upload) throw noSuchUpload(id);
    if (statusAt(upload, uploads.now()) === 'expired') throw uploadExpired(upload.expiresAt);
    response.locals.upload = upload;
    next();
  };

const options: RequestHandler = (_request, response) => {
  response
    .status(204)
    .set({
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': '*',
      'access-control-max-age': '86400',
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension': TUS_EXTENSIONS.join(','),
      'tus-max-size': String(uploadOf(response).maxBytes),
    })
    .end();
};

function lengthOf(request: Request): number | null {
  const length = request.get('content-length');
  return length === undefined ? null : Number(length);
}

/** The whole file. One that broke off is sent again from its first byte. */
const putFile =
  (parts: TusParts) =>
  async (request: Request, response: Response<Upload>): Promise<void> => {
    const { id } = uploadOf(response);
    const open = await parts.uploads.open(id, () => request.destroy());
    if (!open) throw noSuchUpload(id);
    try {
      await open.begin(lengthOf(request));
      await open.append(request, 0);
      // Of a body whose length was not known, the end says so.
      if (open.upload.status === 'waiting') await open.complete();
      response.json(await viewOf(parts, open.upload));
    } finally {
      await open.close();
    }
  };

/** The client has put all parts where `CreatedUpload.parts` said. */
const completeParts =
  (parts: TusParts) =>
  async (request: Request, response: Response<Upload>): Promise<void> => {
    const body = CompleteUpload.safeParse(request.body);
    if (!body.success) throw invalidFields(body.error, 'body');
    const { id } = uploadOf(response);
    const open = await parts.uploads.open(id, () => request.destroy());
    if (!open) throw noSuchUpload(id);
    try {
      await open.completeParts(body.data.etags);
      response.json(await viewOf(parts, open.upload));
    } finally {
      await open.close();
    }
  };

const onlyThese: RequestHandler = (request) => {
  throw new ProblemError(405, 'method-not-allowed', 'The address does not know this method', {
    detail: `${request.method} is none of ${METHODS}.`,
    headers: { allow: METHODS },
  });
};

/** A client that has gone gets no answer; one that still sends what nobody reads is not waited for. */
const endBody: ErrorRequestHandler = (error, request, response, next) => {
  if (request.socket.destroyed) {
    const { log } = contextOf(response);
    log.info({ err: error, uploadId: request.params.id }, 'a file was cut off');
    return;
  }
  if (!request.complete) response.set('connection', 'close');
  next(error);
};

/** Where files are sent to: by PUT, or by tus. */
export function uploadAddressRoutes(parts: TusParts): Router {
  const tus = tusServer(parts);
  const router = Router();
  router.use(PATH, cors, cutSilentBodies(), authorize(parts));
  router.options(PATH, options);
  router.options(COMPLETE, options);
  router.post(COMPLETE, json({ limit: '256kb' }), completeParts(parts));
  router.put(PATH, putFile(parts));
  for (const method of ['post', 'head', 'patch', 'delete'] as const) {
    router[method](PATH, (request, response) => tus.handle(request, response));
  }
  router.use(PATH, onlyThese, endBody);
  return router;
}
