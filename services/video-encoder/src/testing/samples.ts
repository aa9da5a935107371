import {
  type EncodeAudioJob,
  type EncodeChunkJob,
  type EncodePlan,
  type EncodeReport,
  type IngestJob,
  newOrderId,
  Outputs,
  type PackageJob,
  type PrepareJob,
  type SourceMedia,
  type TrackReport,
} from '@spillway/contracts';
import { planSource, type WholeEncode } from '@spillway/media';
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
    captions: [],
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
  outputs: Outputs.parse({}),
  limits: null,
  captions: [],
  whole: false,
};
export const ingestJob: IngestJob = {
  ...jobFields,
  kind: 'ingest',
  jobId: `${orderId}/ingest/0`,
  url: 'https://media.example.com/film.mp4',
  uploaded: null,
  language: null,
  limits: null,
};

/** An hour of it: long enough to be cut. */
export const film: SourceMedia = {
  ...source,
  durationSeconds: 3600,
  video: { ...source.video, width: 1920, height: 1080, frames: 90_000, endSeconds: 3600 },
};
export const filmPlan: EncodePlan = planSource(film, { whole: false });

const encodeFields = { ...jobFields, source: prepareJob.source, plan: filmPlan };
export const chunkJob: EncodeChunkJob = {
  ...encodeFields,
  kind: 'encode-chunk',
  jobId: `${orderId}/encode-chunk/1`,
  index: 1,
};
export const audioJob: EncodeAudioJob = {
  ...encodeFields,
  kind: 'encode-audio',
  jobId: `${orderId}/encode-audio/0`,
};
export const packageJob: PackageJob = {
  ...jobFields,
  kind: 'package',
  jobId: `${orderId}/package/0`,
  plan: filmPlan,
  outputs: prepareJob.outputs,
  captions: null,
  chunkPrefixes: [
    `orders/${orderId}/encode-chunk-0-att_a/`,
    `orders/${orderId}/encode-chunk-1-att_b/`,
  ],
  audioPrefix: null,
};

const trackReport = (segments: number): TrackReport => ({
  initHash: 'ab',
  initBytes: 4,
  timescale: 12_800,
  codecs: 'avc1.64000d',
  editStart: 0,
  isVideo: true,
  segments: Array.from({ length: segments }, () => ({
    bytes: 7,
    baseTime: 0,
    duration: 51_200,
    samples: 100,
    firstOffset: 0,
    startsWithIdr: true,
  })),
});

/** Of one track, of so many segments. */
export const report = (folder = '180p', segments = 1): EncodeReport => ({
  schemaVersion: 1,
  ffmpegBuild: 'ffmpeg version test',
  tracks: { [folder]: trackReport(segments) },
  seam: null,
  thumbnails: null,
  poster: false,
});

/** A store whose methods can be replaced one by one. */
export function delegate(store: ObjectStore): ObjectStore {
  return {
    put: (key, body) => store.put(key, body),
    get: (key, range) => store.get(key, range),
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    deletePrefix: (prefix) => store.deletePrefix(prefix),
    pathOf: (key) => store.pathOf(key),
  };
}
