/**
 * The media library: looks into a source, plans its outputs, runs ffmpeg, proves the result. No
 * object store, no broker, no environment. What rejects, rejects with a `JobError` (typed code, one
 * plain sentence) or with `signal.reason`.
 */
export { readCaptions } from './captions/read-captions.ts';
export { captionFiles, captionsText } from './captions/write-captions.ts';
export { encodeAudio, encodeChunk } from './encode-part.ts';
export { encodeWhole } from './encode-whole.ts';
export { type EncodeArguments, encodeArguments } from './ffmpeg/arguments.ts';
export { EncodeError } from './ffmpeg/failure.ts';
export { findFfmpeg } from './ffmpeg/find.ts';
export { type JoinMp4, joinMp4 } from './output/join-mp4.ts';
export {
  type EncodedPart,
  type PackagedOutput,
  type PackageOutput,
  packageOutput,
} from './output/package-output.ts';
export { ladderWarnings } from './plan/ladder.ts';
export { type PlanOptions, planSource } from './plan/plan-source.ts';
export { estimateCoreSeconds, isShort } from './plan/work.ts';
export { type InspectOptions, inspectSource } from './source/inspect.ts';
export { checkAllowed } from './source/limits.ts';
export type {
  EncodeChunk,
  EncodedFile,
  EncodePart,
  EncodeWhole,
  Ffmpeg,
  OutputFile,
  PartEncode,
  VerifiedCut,
  VerifyCut,
  WholeEncode,
} from './types.ts';
export { verifyCut } from './verify-cut.ts';
