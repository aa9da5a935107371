import type { SourceMedia } from '@spillway/contracts';
import { type IngestJob, newOrderId, type PrepareJob } from '@spillway/contracts';
import type { WholeEncode } from '@spillway/media';
import type { ObjectStore } from '@spillway/storage';

/** What inspecting a clip of a second tells. */
export const source: SourceMedia = {
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationSeconds: 1,
  video: {
    streamIndex: 0,
    codec: 'h264',
    width: 320,
    height: 180,
    pixelFormat: 'yuv420p',
    fullRange: false,
    colour: { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' },
    isHdr: false,
    interlaced: false,
    frameRate: { numerator: 25, denominator: 1 },
    constantRate: true,
    frames: 25,
    startSeconds: 0,
    endSeconds: 1,
    keyFrames: null,
  },
  audio: null,
  allowPartial: false,
  warnings: [],
};

/** What encoding it makes. */
export const encoded: WholeEncode = {
  files: [
    { name: 'master.m3u8', from: 'memory', data: Buffer.from('#EXTM3U') },
    { name: '180p/init.mp4', from: 'memory', data: Buffer.from('init') },
    { name: 'manifest.mpd', from: 'memory', data: Buffer.from('<MPD/>') },
    { name: '180p/00001.m4s', from: 'memory', data: Buffer.from('segment') },
  ],
  durationSeconds: 1,
  renditions: [],
  qc: {
    schemaVersion: 1,
    passed: true,
    failures: [],
    renditions: [],
    audio: null,
    seams: null,
    audioVideoDifferenceSeconds: null,
    frameSeconds: 0.04,
  },
  warnings: ['a warning'],
  cpuSeconds: 0.5,
  log: [],
};

export const orderId = newOrderId();
const jobFields = {
  schemaVersion: 1,
  orderId,
  customerId: 'default',
  run: 0,
  index: 0,
  priority: 'normal',
  estimateSeconds: null,
} as const;
export const prepareJob: PrepareJob = {
  ...jobFields,
  kind: 'prepare',
  jobId: `${orderId}/prepare/0`,
  source: { from: 'file', path: '/film.mp4' },
  outputs: { formats: ['hls', 'dash'], allowPartial: false },
  whole: false,
};
export const ingestJob: IngestJob = {
  ...jobFields,
  kind: 'ingest',
  jobId: `${orderId}/ingest/0`,
  url: 'https://media.example.com/film.mp4',
};

/** A store whose methods can be replaced one by one. */
export function delegate(store: ObjectStore): ObjectStore {
  return {
    put: (key, body) => store.put(key, body),
    get: (key, range) => store.get(key, range),
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    deletePrefix: (prefix) => store.deletePrefix(prefix),
    addressFor: (key) => store.addressFor(key),
  };
}
