import { chunkCount, type PrepareJob } from '@spillway/contracts';
import { estimateCoreSeconds, isShort, ladderWarnings, planSource } from '@spillway/media';
import type { Attempt } from './attempt.ts';
import type { WholeOptions } from './ports.ts';
import { addressOf } from './source.ts';
import { uploadFiles } from './uploads.ts';
import type { EncodeParts, Work } from './work.ts';

/**
 * Inspects the source and plans. A long one is planned in chunks, once its cuts are verified; a short
 * one, or one that cannot be cut, is encoded whole on the spot.
 */
export async function prepare(
  parts: EncodeParts,
  job: PrepareJob,
  attempt: Attempt,
): Promise<Work> {
  const { media } = parts;
  const { signal } = attempt;
  const address = await addressOf(parts, job.source);
  const { outputs } = job;
  const { allowPartial, formats } = outputs;
  const source = await media.inspect(address, { allowPartial, signal });
  const plan = planSource(source, { whole: job.whole, outputs });
  const notMade = ladderWarnings(source.video, outputs.renditions);
  const encode = { address, formats, signal };
  if (chunkCount(plan) === 1) return encodeWhole(parts, attempt, { ...encode, plan }, notMade);
  const cut = await media.verifyCut({ address, plan, signal });
  if ('reason' in cut) {
    const whole = planSource(source, { whole: true, outputs });
    return encodeWhole(parts, attempt, { ...encode, plan: whole }, [cut.reason, ...notMade]);
  }
  return {
    outcome: { kind: 'plan', plan: cut.plan, warnings: [...source.warnings, ...notMade] },
    cpuSeconds: 0,
    ffmpegBuild: media.build,
  };
}

async function encodeWhole(
  parts: EncodeParts,
  attempt: Attempt,
  source: Omit<WholeOptions, 'name' | 'onProgress'>,
  reasons: readonly string[],
): Promise<Work> {
  const { media } = parts;
  const coreSeconds = estimateCoreSeconds(source.plan);
  attempt.expect(isShort(coreSeconds) ? coreSeconds : coreSeconds / parts.cores);
  const encoded = await media.encodeWhole({
    ...source,
    name: attempt.id,
    onProgress: (fraction) => attempt.advance(fraction),
  });
  try {
    await uploadFiles(parts, attempt, encoded.files);
  } finally {
    await encoded.remove();
  }
  const { durationSeconds, renditions, warnings, cpuSeconds } = encoded;
  return {
    outcome: {
      kind: 'prepare',
      output: { prefix: attempt.prefix, durationSeconds, renditions },
      warnings: [...reasons, ...warnings],
    },
    cpuSeconds,
    ffmpegBuild: media.build,
  };
}
