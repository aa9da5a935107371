import { chunkAt, chunkCount, type EncodePlan } from '@spillway/contracts';
import { pipedArguments } from './ffmpeg/arguments.ts';
import { EncodeError } from './ffmpeg/failure.ts';
import { runFfmpeg } from './ffmpeg/run.ts';
import { readSeam, type Seam } from './output/seam.ts';
import { isWithoutIndex, needsNothingBefore, prerollOverGop } from './plan/preroll.ts';
import { uncuttable } from './plan/uncuttable.ts';
import { limits } from './settings.ts';
import type { VerifiedCut, VerifyCut } from './types.ts';

/** Hashes of the first two pictures of a chunk, decoded from `prerollSeconds` before; null without any. */
async function decodeFirst(
  { ffmpeg, address, plan, signal }: VerifyCut,
  index: number,
  prerollSeconds: number,
): Promise<Seam | null> {
  let seam: Seam | null = null;
  const task = {
    chunk: { ...chunkAt(plan, index), frames: 1 },
    outputs: [{ kind: 'seam' as const }],
    onlyReferences: needsNothingBefore(plan.media),
  };
  try {
    await runFfmpeg({
      ffmpegPath: ffmpeg.ffmpegPath,
      args: pipedArguments({ address, plan: { ...plan, prerollSeconds } }, task),
      signal,
      stallSeconds: limits.probeStallSeconds,
      onFrames: () => {},
      readers: [
        async (bytes) => {
          seam = await readSeam(bytes);
        },
      ],
    });
    return seam;
  } catch (error) {
    const isOfTheCut =
      error instanceof EncodeError &&
      !['storage_unavailable', 'encode_stalled'].includes(error.code);
    if (isOfTheCut) return null;
    throw error;
  }
}

/**
 * The first and the last, and without a sure index one in the middle: a cut that is wrong by its clock is
 * wrong at all of them.
 */
function triedChunks(plan: EncodePlan): number[] {
  const last = chunkCount(plan) - 1;
  const middle = needsNothingBefore(plan.media) ? [] : [Math.ceil(last / 2)];
  return [...new Set([1, ...middle, last])];
}

/**
 * How much earlier the decode begins that a chunk's is compared with: before another key frame, or at the
 * beginning of the source, where a seek may land on another clock.
 */
const truthPreroll = ({ plan }: VerifyCut, index: number, prerollSeconds: number): number =>
  index === 1 && isWithoutIndex(plan.media)
    ? Number.POSITIVE_INFINITY
    : prerollSeconds + prerollOverGop(plan.media);

/** Whether chunks begin with the picture that a decoder shows which comes from before another key frame. */
async function isRight(options: VerifyCut, prerollSeconds: number): Promise<boolean> {
  const { plan } = options;
  for (const index of triedChunks(plan)) {
    const [cut, truth] = await Promise.all([
      decodeFirst(options, index, prerollSeconds),
      decodeFirst(options, index, truthPreroll(options, index, prerollSeconds)),
    ]);
    if (!cut || !truth || cut.first !== truth.first || cut.next !== truth.next) return false;
  }
  return true;
}

/**
 * Whether the chunks of a plan, each decoded by itself, show the same pictures as the whole source
 * would. A bounded number of cuts is tried, so that time does not grow with length; where chunks
 * meet, they prove it again. Rejects with a JobError or with `signal.reason`.
 */
export async function verifyCut(options: VerifyCut): Promise<VerifiedCut> {
  const { plan } = options;
  if (chunkCount(plan) === 1) return { plan };
  const reason = uncuttable(plan);
  if (reason) return { reason: wholeBecause(reason) };
  const longest = prerollOverGop(plan.media);
  for (const prerollSeconds of new Set([plan.prerollSeconds, longest]))
    if (await isRight(options, prerollSeconds)) return { plan: { ...plan, prerollSeconds } };
  return { reason: wholeBecause('decoded from the middle, it does not show the same pictures') };
}

const wholeBecause = (reason: string): string =>
  `The source was encoded whole, by one worker, because ${reason}.`;
