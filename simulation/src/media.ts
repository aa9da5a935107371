import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import {
  chunkAt,
  type EncodePlan,
  type EncodeReport,
  JobError,
  outputFiles,
  type SegmentReport,
  type TrackReport,
  trackFiles,
} from '@spillway/contracts';
import type { OutputFile, PartEncode } from '@spillway/media';
import type {
  Download,
  Encoded,
  Media,
  PartOptions,
} from '../../services/video-encoder/src/app/ports.ts';
import {
  CHUNK_FRAMES,
  type Film,
  type Flaw,
  filmNumber,
  isCaptionsAddress,
  mediaOf,
} from './films.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** What ffmpeg and the network are in a simulation. */
export interface Studio {
  readonly world: World;
  readonly films: readonly Film[];
  /** The bytes of an object; throws when it is gone. */
  read(key: string): Uint8Array;
  /** A flaw shows: this try at the order's job fails for it. */
  onFlaw(process: Process, film: Film, flaw: Flaw): void;
  /** An encode of an order runs until the promise is settled. */
  onEncode(process: Process, orderId: string, ended: Promise<unknown>): void;
}

interface Bench extends Studio {
  readonly process: Process;
  readonly build: string;
}

const CODECS = 'avc1.64001e';
const CAPTIONS = 'WEBVTT\n\n00:01.000 --> 00:02.000\nx\n';
const PRIMING_SAMPLES = 1024;
const AUDIO_SEGMENTS = 3;

const orderIdOf = (address: string): string => address.match(/ord_\w+/)?.[0] ?? '';

function filmAt({ films, read }: Studio, address: string): Film {
  const number = Number(Buffer.from(read(address.slice('object:'.length))).toString());
  const film = films[number];
  if (!film) throw new Error(`no film ${number}`);
  return film;
}

/** Fails as the film is flawed, or by chance. */
function fail(bench: Bench, film: Film, at: Flaw['at']): void {
  const { world, process, onFlaw } = bench;
  if (film.flaw?.at === at) {
    onFlaw(process, film, film.flaw);
    throw new JobError(film.flaw.code, `film ${film.number} is flawed`);
  }
  if (world.random.chance(world.faults.flakyMedia)) {
    const isFetched = at === 'download' || at === 'captions';
    const code = isFetched ? 'source_unreachable' : 'encode_failed';
    throw new JobError(code, 'it failed by chance');
  }
}

/** Goes on for a while, and tells; rejects with the signal's reason. */
async function work(
  { world }: Bench,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { random } = world;
  const steps = 1 + random.integer(3);
  const stepMs = random.chance(0.2) ? random.between(1_000, 20_000) : random.between(10, 1_000);
  for (let step = 1; step <= steps; step += 1) {
    signal.throwIfAborted();
    await wait(stepMs, undefined, { signal });
    onProgress(step / steps);
  }
}

const segment = (baseTime: number, duration: number, samples: number): SegmentReport => ({
  bytes: 1,
  baseTime,
  duration,
  samples,
  firstOffset: 0,
  startsWithIdr: true,
});

const track = (timescale: number, isVideo: boolean, segments: SegmentReport[]): TrackReport => ({
  initHash: 'init',
  initBytes: 1,
  timescale,
  codecs: isVideo ? CODECS : 'mp4a.40.2',
  editStart: isVideo ? 0 : PRIMING_SAMPLES,
  isVideo,
  segments,
});

const report = (build: string, tracks: EncodeReport['tracks']): EncodeReport => ({
  schemaVersion: 1,
  ffmpegBuild: build,
  tracks,
  seam: null,
  thumbnails: null,
  poster: false,
});

const encoded = (made: EncodeReport): PartEncode => ({
  report: made,
  warnings: [],
  cpuSeconds: 1,
  log: [],
});

async function encodeChunk(
  bench: Bench,
  { plan, index, ...options }: PartOptions & { index: number },
): Promise<PartEncode> {
  const film = filmAt(bench, options.address);
  if (index === 0) fail(bench, film, 'encode');
  await work(bench, options.signal, options.onProgress);
  const { firstFrame, frames, firstSegment } = chunkAt(plan, index);
  const tracks: EncodeReport['tracks'] = {};
  for (const { name } of plan.video) {
    const file = (base: string) => ({ name: `${name}/${base}`, data: Buffer.from('v') });
    await options.onFile(file(trackFiles.init));
    await options.onFile(file(trackFiles.segment(firstSegment)));
    tracks[name] = track(plan.frameRate.numerator, true, [segment(firstFrame, frames, frames)]);
  }
  if (index === 0) await options.onFile({ name: outputFiles.poster, data: Buffer.from('p') });
  const isLast = firstFrame + frames === plan.frames;
  const seam = {
    first: film.isUnfit && index === 1 ? 'another' : `frame ${firstFrame}`,
    next: isLast ? null : `frame ${firstFrame + frames}`,
  };
  return encoded({ ...report(bench.build, tracks), seam, poster: index === 0 });
}

async function encodeAudio(bench: Bench, { plan, ...options }: PartOptions): Promise<PartEncode> {
  const { sampleRate = 1 } = plan.audio ?? {};
  const samples = PRIMING_SAMPLES + (plan.frames / plan.frameRate.numerator) * sampleRate;
  const file = (base: string) => ({
    name: `${trackFiles.audioFolder}/${base}`,
    data: Buffer.from('a'),
  });
  await options.onFile(file(trackFiles.init));
  const segments: SegmentReport[] = [];
  for (let index = 0; index < AUDIO_SEGMENTS; index += 1) {
    await work(bench, options.signal, (done) =>
      options.onProgress((index + done) / AUDIO_SEGMENTS),
    );
    await options.onFile(file(trackFiles.segment(index)));
    const [start, end] = [index, index + 1].map((n) => Math.floor((samples * n) / AUDIO_SEGMENTS));
    segments.push(segment(start ?? 0, (end ?? 0) - (start ?? 0), 1));
  }
  return encoded(
    report(bench.build, { [trackFiles.audioFolder]: track(sampleRate, false, segments) }),
  );
}

async function encodeWhole(
  bench: Bench,
  { address, plan, signal, onProgress }: Parameters<Media['encodeWhole']>[0],
): Promise<Encoded> {
  fail(bench, filmAt(bench, address), 'encode');
  await work(bench, signal, onProgress);
  const names = [outputFiles.hls, outputFiles.poster, outputFiles.qc, '240p/00001.m4s'];
  const renditions = plan.video.map(({ name, width, height }) => ({
    name,
    width,
    height,
    frameRate: '24/1',
    codecs: CODECS,
    peakBitsPerSecond: 1,
    averageBitsPerSecond: 1,
    frames: plan.frames,
    segments: 1,
    bytes: 1,
  }));
  return {
    files: names.map((name): OutputFile => ({ name, from: 'memory', data: Buffer.from('w') })),
    durationSeconds: plan.frames / plan.frameRate.numerator,
    renditions,
    warnings: [],
    cpuSeconds: 1,
    log: [],
    qc: {
      schemaVersion: 1,
      passed: true,
      failures: [],
      renditions: [],
      audio: null,
      captions: [],
      seams: null,
      audioVideoDifferenceSeconds: null,
      frameSeconds: 1 / plan.frameRate.numerator,
    },
    remove: async () => {},
  };
}

/** One segment a chunk, so that a report is short. */
const cut = (plan: EncodePlan): EncodePlan => ({
  ...plan,
  gopFrames: CHUNK_FRAMES,
  chunkFrames: CHUNK_FRAMES,
});

/** ffmpeg as one process has it, of a build. */
export function simulatedMedia(studio: Studio, process: Process, build: string): Media {
  const bench: Bench = { ...studio, process, build };
  const running = <T>(address: string, encode: Promise<T>): Promise<T> => {
    studio.onEncode(process, orderIdOf(address), encode);
    return encode;
  };
  return {
    build,
    async inspect(address, { allowPartial, signal }) {
      const film = filmAt(bench, address);
      fail(bench, film, 'inspect');
      await work(bench, signal, () => {});
      return mediaOf(film, allowPartial);
    },
    async verifyCut({ address, plan }) {
      const film = filmAt(bench, address);
      return film.isUncuttable ? { reason: 'its cuts do not verify' } : { plan: cut(plan) };
    },
    encodeWhole: (options) => running(options.address, encodeWhole(bench, options)),
    encodeChunk: (options) => running(options.address, encodeChunk(bench, options)),
    encodeAudio: (options) => running(options.address, encodeAudio(bench, options)),
    joinMp4: async () => {
      throw new Error('no MP4 is ordered');
    },
    open: async (file) => (file.from === 'memory' ? file.data : Buffer.alloc(0)),
  };
}

/** The network as one process has it: the bytes of a film are its number, all captions are alike. */
export function simulatedDownload(studio: Studio, process: Process): Download {
  const bench: Bench = { ...studio, process, build: '' };
  return (url, { signal, onBytes }) =>
    Readable.from(
      (async function* () {
        const film = studio.films[filmNumber(url)];
        if (!film) throw new Error(`no film at ${url}`);
        await work(bench, signal, (fraction) => onBytes(fraction, 1));
        fail(bench, film, isCaptionsAddress(url) ? 'captions' : 'download');
        yield Buffer.from(isCaptionsAddress(url) ? CAPTIONS : String(film.number));
      })(),
    );
}
