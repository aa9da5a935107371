import { EncodeReport, type PackageJob, reportFile } from '@spillway/contracts';
import { type EncodedPart, packageOutput } from '@spillway/media';
import { eachOf } from '@spillway/runtime';
import type { Attempt } from './attempt.ts';
import { writeMp4 } from './mp4.ts';
import { readPart } from './read-part.ts';
import { uploadFiles } from './uploads.ts';
import type { EncodeParts, Work } from './work.ts';

const READS_AT_ONCE = 16;

/**
 * Joins what was encoded: checks the reports of all parts against the plan and against each other, and
 * writes the playlists that name their segments where they lie. Nothing is encoded, no segment is read
 * unless an MP4 was ordered.
 */
export async function packageOrder(
  parts: EncodeParts,
  job: PackageJob,
  attempt: Attempt,
): Promise<Work> {
  const { plan, outputs, captions, chunkPrefixes, audioPrefix } = job;
  const { prefix } = attempt;
  const prefixes = audioPrefix === null ? chunkPrefixes : [...chunkPrefixes, audioPrefix];
  const encoded = await readReports(parts, prefixes, attempt.signal);
  const chunks = encoded.slice(0, chunkPrefixes.length);
  const audio = encoded[chunkPrefixes.length] ?? null;
  const made = packageOutput({ plan, outputs, prefix, chunks, audio, captions });
  if ('unfit' in made) {
    const reason = made.unfit;
    return {
      outcome: { kind: 'unfit', reason, warnings: [] },
      cpuSeconds: 0,
      ffmpegBuild: null,
    };
  }
  const withMp4 = outputs.formats.includes('mp4');
  const cpuSeconds = withMp4 ? await writeMp4(parts, attempt, { plan, chunks, audio }) : 0;
  await uploadFiles(parts, attempt, made.files);
  return {
    outcome: { kind: 'package', output: made.output, warnings: [] },
    cpuSeconds,
    ffmpegBuild: withMp4 ? parts.media.build : null,
  };
}

/** In the order of the prefixes. */
async function readReports(
  { storage }: EncodeParts,
  prefixes: readonly string[],
  signal: AbortSignal,
): Promise<EncodedPart[]> {
  const read = new Map<string, EncodedPart>();
  await eachOf(prefixes, READS_AT_ONCE, async (prefix) => {
    signal.throwIfAborted();
    const bytes = await readPart(storage, prefix + reportFile);
    read.set(prefix, { prefix, report: EncodeReport.parse(JSON.parse(bytes.toString())) });
  });
  return prefixes.flatMap((prefix) => read.get(prefix) ?? []);
}
