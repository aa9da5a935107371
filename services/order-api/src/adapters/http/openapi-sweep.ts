import { SweepReport, SweepRequest } from '@spillway/contracts';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problemResponses } from './problem-responses.ts';

const none = { objects: 0, bytes: 0, keys: [] };

const report: SweepReport = {
  dryRun: true,
  expired: none,
  leftovers: {
    objects: 1,
    bytes: 1_048_576,
    keys: ['orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/ingest-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W3/source'],
  },
  removed: none,
  orphans: none,
  uploads: 2,
  more: false,
};

/** A sweep by hand: for operators. */
export const sweepPaths: ZodOpenApiPathsObject = {
  '/v1/sweep': {
    post: {
      operationId: 'sweep',
      summary:
        'Remove what is kept no longer, or say what that is. By itself this goes on all the time.',
      tags: ['operation'],
      requestBody: {
        required: false,
        content: { 'application/json': { schema: SweepRequest, example: { dryRun: true } } },
      },
      responses: {
        200: {
          description: 'What was removed; of a dry run, what would be.',
          content: { 'application/json': { schema: SweepReport, example: report } },
        },
        ...problemResponses(
          ...['invalid-json', 'admin-only', 'body-too-large', 'not-json', 'invalid-body'],
          ...['storage-unavailable', 'database-unavailable'],
        ),
      },
    },
  },
};
