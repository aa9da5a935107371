import {
  chunkAt,
  type EncodeAudioJob,
  type EncodeChunkJob,
  type EncodeReport,
  reportFile,
} from '@spillway/contracts';
import { type EncodedFile, estimateCoreSeconds, type PartEncode } from '@spillway/media';
import type { Attempt } from './attempt.ts';
import type { PartOptions } from './ports.ts';
import { withSource } from './source.ts';
import { Uploads } from './uploads.ts';
import type { EncodeParts, Work } from './work.ts';

/** Encodes one chunk of the picture; its segments are in the object store before the next are made. */
export async function encodeChunk(
  parts: EncodeParts,
  job: EncodeChunkJob,
  attempt: Attempt,
): Promise<Work> {
  const { plan, index } = job;
  const { frames } = chunkAt(plan, index);
  if (job.estimateSeconds === null) attempt.expect(estimateCoreSeconds(plan, frames));
  const encode = (options: PartOptions) => parts.media.encodeChunk({ ...options, index });
  const { report, warnings, cpuSeconds } = await streamed(parts, job, attempt, encode);
  return {
    outcome: {
      kind: 'encode-chunk',
      prefix: attempt.prefix,
      codecs: Object.fromEntries(
        Object.entries(report.tracks).map(([name, { codecs }]) => [name, codecs]),
      ),
      warnings,
    },
    cpuSeconds,
    ffmpegBuild: parts.media.build,
  };
}

/** Encodes all of the sound, and tells how much of it is there while it goes on. */
export async function encodeAudio(
  parts: EncodeParts,
  job: EncodeAudioJob,
  attempt: Attempt,
): Promise<Work> {
  const { report, warnings, cpuSeconds } = await streamed(
    parts,
    job,
    attempt,
    (options) => parts.media.encodeAudio(options),
    // The first file is the init segment.
    (files) => attempt.stored(Math.max(0, files - 1)),
  );
  return {
    outcome: {
      kind: 'encode-audio',
      prefix: attempt.prefix,
      segments: Object.values(report.tracks).reduce(
        (sum, { segments }) => sum + segments.length,
        0,
      ),
      warnings,
    },
    cpuSeconds,
    ffmpegBuild: parts.media.build,
  };
}

/**
 * Runs the encode, with its files going under the attempt's prefix as they are made, and the report
 * behind them: where a report is, everything is.
 */
async function streamed(
  parts: EncodeParts,
  job: EncodeChunkJob | EncodeAudioJob,
  attempt: Attempt,
  encode: (options: PartOptions) => Promise<PartEncode>,
  onStored: (files: number) => void = () => {},
): Promise<PartEncode> {
  const { storage, observer } = parts;
  const put = async (name: string, data: Uint8Array) => {
    const { bytes } = await storage.put(attempt.prefix + name, data);
    observer.moved('uploaded', bytes);
  };
  const uploads = new Uploads(put, onStored);
  try {
    const encoded = await withSource(parts, job.source, (address) =>
      encode({
        address,
        plan: job.plan,
        signal: attempt.signal,
        onProgress: (fraction) => attempt.advance(fraction),
        onFile: (file: EncodedFile) => uploads.add(file),
      }),
    );
    await uploads.finish();
    await put(reportFile, reportBytes(encoded.report));
    return encoded;
  } finally {
    // Whoever removes the files of a failed attempt then removes all of them.
    await uploads.settled();
  }
}

const reportBytes = (report: EncodeReport): Uint8Array => Buffer.from(JSON.stringify(report));
