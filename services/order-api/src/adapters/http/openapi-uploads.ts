import { CompleteUpload, CreatedUpload, CreateUpload, Upload, UploadId } from '@spillway/contracts';
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problemResponses } from './problem-responses.ts';

const ID = 'upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2';
const TOKEN = 'q1mXfXU3GZ4oY9m0b8vK2s6cT7dRjH5eLwPzNaBgV0E';

const ADDRESS = `http://127.0.0.1:8080/v1/uploads/${ID}/${TOKEN}`;

const waiting: Upload = {
  id: ID,
  customerId: 'acme',
  status: 'waiting',
  url: ADDRESS,
  filename: 'holiday.mp4',
  bytes: 104_857_600,
  receivedBytes: 0,
  createdAt: '2026-11-23T05:00:00.000Z',
  completedAt: null,
  expiresAt: '2026-11-24T05:00:00.000Z',
};
const complete: Upload = {
  ...waiting,
  status: 'complete',
  url: null,
  receivedBytes: 104_857_600,
  completedAt: '2026-11-23T05:01:00.000Z',
  expiresAt: '2026-11-24T05:01:00.000Z',
};

const created: CreatedUpload = {
  ...waiting,
  url: ADDRESS,
  parts: {
    bytes: 104_857_600,
    urls: ['https://acme.s3.eu-central-1.amazonaws.com/...?partNumber=1&X-Amz-Signature=...'],
  },
};

const uploadResponse = (description: string, example: Upload) => ({
  description,
  content: { 'application/json': { schema: Upload, example } },
});

const tags = ['uploads'];
const path = z.object({ id: UploadId });
const addressPath = path.extend({ token: z.string().meta({ example: TOKEN }) });
const bytes = { schema: z.string().meta({ format: 'binary' }) };
const addressProblems = ['upload-not-found', 'upload-expired', 'storage-unavailable'];

const TusResumable = z.object({ 'Tus-Resumable': z.literal('1.0.0') });
const offset = z.string().meta({ description: 'In bytes.', example: '52428800' });
const tus = {
  tags,
  security: [],
  requestParams: { path: addressPath, header: TusResumable },
};
/** What the tus server says in words of its own. */
const TUS_ANSWERS = {
  400: { description: 'A header is not valid, or the upload is complete.' },
  409: { description: 'The offset is another one, or the upload is complete.' },
  413: { description: 'The file is larger than was declared, or than the customer may send.' },
  423: { description: 'Another request sends to the upload: try again.' },
};
const tusBody = { required: true, content: { 'application/offset+octet-stream': bytes } };

/** Uploads, and the addresses that their bytes go to. */
export const uploadPaths: ZodOpenApiPathsObject = {
  '/v1/uploads': {
    post: {
      operationId: 'createUpload',
      summary:
        'Make an address that a file can be sent to, without an API key, by PUT or by tus 1.0.',
      tags,
      requestBody: {
        content: {
          'application/json': {
            schema: CreateUpload,
            example: { filename: 'holiday.mp4', bytes: 104_857_600 },
          },
        },
      },
      responses: {
        201: {
          description: 'Made. Send the file to `url`, then order it by its id.',
          content: { 'application/json': { schema: CreatedUpload, example: created } },
          headers: z.object({
            Location: z.string().meta({ description: 'Where the upload is read.' }),
          }),
        },
        ...problemResponses(
          'invalid-json',
          'cross-origin',
          'upload-too-large',
          'not-json',
          'invalid-body',
          'database-unavailable',
        ),
      },
    },
  },
  '/v1/uploads/{id}': {
    get: {
      operationId: 'getUpload',
      summary: 'How far an upload is.',
      tags,
      requestParams: { path },
      responses: {
        200: uploadResponse('The upload.', complete),
        ...problemResponses('upload-not-found', 'storage-unavailable'),
      },
    },
    delete: {
      operationId: 'deleteUpload',
      summary: 'Remove an upload that no order needs any more.',
      tags,
      requestParams: { path },
      responses: {
        204: { description: 'Removed.' },
        ...problemResponses(
          'cross-origin',
          'upload-not-found',
          'upload-in-use',
          'upload-busy',
          'storage-unavailable',
        ),
      },
    },
  },
  '/v1/uploads/{id}/{token}/complete': {
    post: {
      operationId: 'completeUploadParts',
      summary: 'All parts have been put into the object store.',
      tags,
      security: [],
      requestParams: { path: addressPath },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: CompleteUpload,
            example: { etags: ['"9a0364b9e99bb480dd25e1f0284c8555"'] },
          },
        },
      },
      responses: {
        200: uploadResponse('It is complete.', complete),
        ...problemResponses(
          'invalid-json',
          'upload-parts-wrong',
          'not-json',
          'invalid-body',
          'upload-busy',
          ...addressProblems,
        ),
      },
    },
  },
  '/v1/uploads/{id}/{token}': {
    put: {
      operationId: 'putUploadFile',
      summary: 'The whole file. One that breaks off is sent again from its first byte.',
      tags,
      security: [],
      requestParams: { path: addressPath },
      requestBody: { required: true, content: { 'application/octet-stream': bytes } },
      responses: {
        200: uploadResponse('It is complete.', complete),
        ...problemResponses(
          'upload-complete',
          'upload-too-large',
          'upload-busy',
          ...addressProblems,
        ),
      },
    },
    post: {
      operationId: 'tusCreate',
      summary: 'tus: begin the file anew, perhaps with its first bytes.',
      ...tus,
      requestParams: {
        path: addressPath,
        header: TusResumable.extend({
          'Upload-Length': z.string().optional().meta({ example: '104857600' }),
          'Upload-Defer-Length': z.literal('1').optional(),
        }),
      },
      responses: {
        201: { description: 'Go on at `Location`, which is this address.' },
        ...TUS_ANSWERS,
        ...problemResponses(...addressProblems),
      },
    },
    head: {
      operationId: 'tusOffset',
      summary: 'tus: how many bytes have come.',
      ...tus,
      responses: {
        200: {
          description: 'So many.',
          headers: z.object({ 'Upload-Offset': offset }),
        },
        ...TUS_ANSWERS,
        ...problemResponses(...addressProblems),
      },
    },
    patch: {
      operationId: 'tusSend',
      summary: 'tus: more bytes, from the offset on. The last of them complete the upload.',
      ...tus,
      requestParams: {
        path: addressPath,
        header: TusResumable.extend({ 'Upload-Offset': offset }),
      },
      requestBody: tusBody,
      responses: {
        204: { description: 'They are kept.', headers: z.object({ 'Upload-Offset': offset }) },
        ...TUS_ANSWERS,
        ...problemResponses(...addressProblems),
      },
    },
    delete: {
      operationId: 'tusTerminate',
      summary: 'tus: give up an upload that is not complete.',
      ...tus,
      responses: {
        204: { description: 'It is removed.' },
        ...TUS_ANSWERS,
        ...problemResponses(...addressProblems),
      },
    },
  },
};
