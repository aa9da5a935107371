import { Backlog, ScalingLease, ScalingLeaseRequest } from '@spillway/contracts';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problemResponses } from './problem-responses.ts';

/** What an autoscaler needs: for operators. */
export const scalingPaths: ZodOpenApiPathsObject = {
  '/v1/backlog': {
    get: {
      operationId: 'getBacklog',
      summary: 'What waits and what runs, in jobs and in work-seconds: for an autoscaler.',
      tags: ['operation'],
      responses: {
        200: {
          description: 'A second ago or less.',
          content: { 'application/json': { schema: Backlog } },
        },
        ...problemResponses('admin-only', 'broker-unavailable', 'database-unavailable'),
      },
    },
  },
  '/v1/scaling-lease': {
    put: {
      operationId: 'askForScalingLease',
      summary: 'Ask to be the one who launches workers, or to stay it: there is one at a time.',
      description:
        'The answer says who it is: whoever asks first when nobody is. A holder asks again before the lease ends, for example at a third of it.',
      tags: ['operation'],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: ScalingLeaseRequest,
            example: { holder: 'autoscaler-1/7f3a', seconds: 30 },
          },
        },
      },
      responses: {
        200: {
          description: 'Who holds the lease now.',
          content: {
            'application/json': {
              schema: ScalingLease,
              example: { holder: 'autoscaler-1/7f3a', expiresAt: '2026-11-23T05:00:30.000Z' },
            },
          },
        },
        ...problemResponses(
          ...['invalid-json', 'admin-only', 'body-too-large', 'not-json', 'invalid-body'],
          'database-unavailable',
        ),
      },
    },
  },
};
