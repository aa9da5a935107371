import type { VerifiedCut, VerifyCut } from './types.ts';

/**
 * Whether the chunks of a plan, each decoded by itself, show the same pictures as the whole source
 * would. A bounded number of cuts is tried, so that time does not grow with length; where chunks
 * meet, they prove it again. Rejects with a JobError or with `signal.reason`.
 */
export async function verifyCut(_options: VerifyCut): Promise<VerifiedCut> {
  throw new Error('verifyCut follows.');
}
