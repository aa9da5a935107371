import { JobError, type Outcome, type PrepareJob, type SourceRef } from '@spillway/contracts';
import { estimateCoreSeconds, isShort, type OutputFile, planWhole } from '@spillway/media';
import { eachOf } from '@spillway/runtime';
import type { ObjectStore } from '@spillway/storage';
import type { Attempt } from './attempt.ts';
import type { CheckLocalFile, Media, Observer } from './ports.ts';

export interface PrepareParts {
  readonly storage: ObjectStore;
  readonly media: Media;
  readonly observer: Observer;
  readonly checkLocalFile: CheckLocalFile | null;
  readonly cores: number;
}

/** What an attempt made, and what it cost. */
export interface Work {
  readonly outcome: Outcome;
  readonly cpuSeconds: number;
  readonly ffmpegBuild: string | null;
}

/** All files of a short output: the file store puts those of one moment in one go. */
const UPLOADS_AT_ONCE = 16;

/** Inspects the source, plans, encodes it whole, and uploads the output under the attempt's prefix. */
export async function prepare(
  parts: PrepareParts,
  job: PrepareJob,
  attempt: Attempt,
): Promise<Work> {
  const { media, observer } = parts;
  const { signal } = attempt;
  const address = await addressOf(parts, job.source);
  const source = await media.inspect(address, { ...job.outputs, signal });
  const plan = planWhole(source);
  const coreSeconds = estimateCoreSeconds(plan);
  attempt.expect(isShort(coreSeconds) ? coreSeconds : coreSeconds / parts.cores);
  const encoded = await media.encodeWhole({
    name: attempt.id,
    address,
    plan,
    signal,
    onProgress: (fraction) => attempt.advance(fraction),
  });
  try {
    await uploadOutput(parts, attempt, encoded.files);
  } finally {
    await encoded.remove();
  }
  const { durationSeconds, renditions, warnings, cpuSeconds } = encoded;
  observer.usedCpu(job.kind, cpuSeconds);
  return {
    outcome: {
      kind: 'prepare',
      output: { prefix: attempt.prefix, durationSeconds, renditions },
      warnings,
    },
    cpuSeconds,
    ffmpegBuild: media.build,
  };
}

/** What ffmpeg reads the source from: our object store, and a local file only where that is allowed. */
async function addressOf(
  { storage, checkLocalFile }: PrepareParts,
  source: SourceRef,
): Promise<string> {
  if (source.from === 'file') {
    if (!checkLocalFile) {
      throw new JobError(
        'source_not_allowed',
        'A file of the server is read in standalone mode only: give an https address.',
      );
    }
    await checkLocalFile(source.path);
    return source.path;
  }
  const found = await storage.head(source.key);
  if (!found) throw new JobError('source_not_found', 'The stored source is gone: order it again.');
  if (found.etag !== source.etag) {
    throw new JobError(
      'source_changed',
      'The stored source is no longer the one that was ordered.',
    );
  }
  return await storage.addressFor(source.key);
}

/** In any order: nobody knows the prefix before the result names it. */
async function uploadOutput(
  { storage, media, observer }: PrepareParts,
  attempt: Attempt,
  files: readonly OutputFile[],
): Promise<void> {
  const upload = async (file: OutputFile) => {
    attempt.signal.throwIfAborted();
    const body = await media.open(file);
    const { bytes } = await storage.put(attempt.prefix + file.name, body);
    observer.moved('uploaded', bytes);
  };
  await eachOf(files, UPLOADS_AT_ONCE, upload);
}
