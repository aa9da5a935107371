import { chunkCount, type EncodePlan, type PrepareJob } from '@spillway/contracts';
import {
  checkAllowed,
  estimateCoreSeconds,
  isShort,
  ladderWarnings,
  planSource,
} from '@spillway/media';
import type { Attempt } from './attempt.ts';
import { cutCaptions } from './captions.ts';
import type { WholeOptions } from './ports.ts';
import { withSource } from './source.ts';
import { uploadFiles } from './uploads.ts';
import type { EncodeParts, Work } from './work.ts';

/**
 * Inspects the source and plans. A long one is planned in chunks, once its cuts are verified; a short
 * one, or one that cannot be cut, is encoded whole on the spot. Captions are cut by the plan, before any encode.
 */
export const prepare = (parts: EncodeParts, job: PrepareJob, attempt: Attempt): Promise<Work> =>
  withSource(parts, job.source, (address) => prepareAt(address, parts, job, attempt));

async function prepareAt(
  address: string,
  parts: EncodeParts,
  job: PrepareJob,
  attempt: Attempt,
): Promise<Work> {
  const { media } = parts;
  const { signal } = attempt;
  const { outputs } = job;
  const { allowPartial, formats } = outputs;
  const source = await media.inspect(address, { allowPartial, signal });
  if (job.limits) checkAllowed(source, job.limits);
  const plan = planSource(source, { whole: job.whole, outputs });
  const leftOut = ladderWarnings(source.video, outputs.renditions);
  const whole = async (plan: EncodePlan, reasons: readonly string[]): Promise<Work> => {
    const { tracks: captions, warnings } = await cutCaptions(parts, job, attempt, plan);
    const encode = { address, plan, formats, captions, signal };
    return encodeWhole(parts, attempt, encode, [...reasons, ...warnings]);
  };
  if (chunkCount(plan) === 1) return whole(plan, leftOut);
  const cut = await media.verifyCut({ address, plan, signal });
  if ('reason' in cut) {
    return whole(planSource(source, { whole: true, outputs }), [cut.reason, ...leftOut]);
  }
  const { tracks, warnings } = await cutCaptions(parts, job, attempt, cut.plan);
  return {
    outcome: {
      kind: 'plan',
      plan: cut.plan,
      ...(tracks.length > 0 && { captions: { prefix: attempt.prefix, tracks } }),
      warnings: [...source.warnings, ...leftOut, ...warnings],
    },
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
