import type { Customer } from './customer.ts';
import type { EncodePlan } from './job.ts';
import type { SourceMedia } from './source-media.ts';

/** For tests: its limits are out of the way. */
export const sampleCustomer = (changes: Partial<Customer> = {}): Customer => ({
  id: 'default',
  limits: {
    openOrders: 1_000_000,
    requestsPerSecond: 1_000_000,
    source: { bytes: 1e12, seconds: 1e6, pixels: 1e8 },
  },
  sourcePrefixes: [],
  destinationPrefixes: [],
  ...changes,
});

/** Two seconds of a plain source, for tests. */
export const sampleMedia: SourceMedia = {
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationSeconds: 2,
  video: {
    streamIndex: 0,
    codec: 'h264',
    width: 426,
    height: 240,
    pixelFormat: 'yuv420p',
    fullRange: false,
    colour: { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' },
    isHdr: false,
    interlaced: false,
    frameRate: { numerator: 24, denominator: 1 },
    constantRate: true,
    frames: 48,
    startSeconds: 0,
    endSeconds: 2,
    keyFrames: null,
  },
  audio: null,
  allowPartial: false,
  warnings: [],
};

/** A plan of one segment, for tests. */
export const samplePlan = (changes: Partial<EncodePlan> = {}): EncodePlan => ({
  media: sampleMedia,
  frameRate: { numerator: 24, denominator: 1 },
  frames: 48,
  gopFrames: 96,
  chunkFrames: changes.frames ?? 48,
  prerollSeconds: 0,
  video: [{ name: '240p', width: 426, height: 240, crf: 23, maxBitsPerSecond: 500_000 }],
  audio: null,
  speed: 'veryfast',
  coreSecondsPerFrame: 0.002,
  ...changes,
});
