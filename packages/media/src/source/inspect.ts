import type { SourceMedia } from '@spillway/contracts';
import { JobError } from '@spillway/contracts';
import { isStoreFault } from '../ffmpeg/failure.ts';
import { limits } from '../settings.ts';
import type { Ffmpeg } from '../types.ts';
import { type ByteSource, openSource } from './bytes.ts';
import { FfprobeFailure } from './ffprobe.ts';
import { checkLimits } from './limits.ts';
import { inspectPlainMp4 } from './plain-mp4.ts';
import { inspectWithFfprobe } from './probed.ts';
import { isDisguisedPlaylist, isMp4, readMoov, refuseByContent } from './sniff.ts';

export type InspectOptions = {
  /** Accept a source whose media data ends before its header says, with a warning. */
  allowPartial: boolean;
  signal: AbortSignal;
};

const notMedia = () =>
  new JobError(
    'source_not_media',
    'The source is not a video file that Spillway reads; send MP4, MOV, MKV, WebM, MPEG-TS or the like.',
  );

/** What ffprobe's refusal means, from the file's first bytes and ffprobe's own words. */
function explain(error: unknown, head: Buffer): unknown {
  if (!(error instanceof FfprobeFailure)) return error;
  if (isDisguisedPlaylist(head))
    return new JobError(
      'source_not_allowed',
      'The source names other files or hosts, which are never read; send the media itself.',
    );
  if (isStoreFault(error.message))
    return new JobError('storage_unavailable', 'The source could not be read; it is tried again.');
  if (isMp4(head))
    return new JobError('source_truncated', 'The index of the source is damaged; send it again.');
  return notMedia();
}

async function inspectOpened(
  source: ByteSource,
  ffmpeg: Ffmpeg,
  address: string,
  options: InspectOptions,
): Promise<SourceMedia> {
  const head = await refuseByContent(source);
  const moov = isMp4(head) ? await readMoov(source, limits.maxPlainIndexBytes) : null;
  const plain = moov && inspectPlainMp4(moov, source.size);
  if (plain) return { ...plain, allowPartial: options.allowPartial };
  try {
    return await inspectWithFfprobe(ffmpeg.ffprobePath, address, options);
  } catch (error) {
    throw explain(error, head);
  }
}

/**
 * What a source is: its picture and sound, its frames counted. Rejects with a JobError of the codes
 * `source_*`, `storage_unavailable` or `encode_stalled`, or with `signal.reason`.
 */
export async function inspectSource(
  ffmpeg: Ffmpeg,
  address: string,
  options: InspectOptions,
): Promise<SourceMedia> {
  options.signal.throwIfAborted();
  const source = await openSource(address, options.signal);
  try {
    const media = await inspectOpened(source, ffmpeg, address, options);
    checkLimits(media, ffmpeg.canToneMap);
    return media;
  } finally {
    await source.close();
  }
}
