import { PresetList } from '@spillway/contracts';
import type { ZodOpenApiPathsObject } from 'zod-openapi';

const example: PresetList = {
  presets: [
    {
      name: 'default',
      description:
        'For every screen: the rungs 1080, 720, 480, 360, 240 that the source reaches, as HLS and DASH.',
      renditions: null,
      formats: ['hls', 'dash'],
      audio: { channels: 2 },
      speed: 'veryfast',
    },
  ],
};

/** What orders may choose their outputs from. */
export const presetPaths: ZodOpenApiPathsObject = {
  '/v1/presets': {
    get: {
      operationId: 'listPresets',
      summary:
        "Presets: what an order makes that names one. What the order's `outputs` say goes before its preset; `renditions` null is the ladder that fits the source.",
      tags: ['orders'],
      responses: {
        200: {
          description: 'All, by name.',
          content: { 'application/json': { schema: PresetList, example } },
        },
      },
    },
  },
};
