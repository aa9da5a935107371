import { captionsFiles, type EncodePlan, JobError, type Outputs } from '@spillway/contracts';
import type { MediaSegment } from '../output/hls.ts';
import { toNumber } from '../rational.ts';
import type { OutputFile } from '../types.ts';
import type { Cue } from './cue.ts';
import { timestamp } from './timestamp.ts';

/** Of all segments of one file: cues that are shown for long are in each of theirs. */
const mostSegmentBytes = 50_000_000;

const cueBlock = ({ startMs, endMs, settings, text }: Cue): string =>
  `\n${timestamp(startMs)} --> ${timestamp(endMs)}${settings}\n${text}\n`;

/** All cues in one file. */
export const captionsText = (cues: readonly Cue[]): string =>
  `WEBVTT\n${cues.map(cueBlock).join('')}`;

const segmentCount = ({ frames, gopFrames }: EncodePlan): number => Math.ceil(frames / gopFrames);

/** The segments of captions in a folder, the first `count` of them, for a playlist: as long as those of the picture. */
export function captionSegmentList(
  plan: EncodePlan,
  folder: string,
  count = segmentCount(plan),
): MediaSegment[] {
  const { frames, gopFrames, frameRate } = plan;
  return Array.from({ length: count }, (_, index) => ({
    uri: folder + captionsFiles.segment(index),
    durationSeconds: Math.min(gopFrames, frames - index * gopFrames) / toNumber(frameRate),
  }));
}

/** Media and cues count from the same 0 (RFC 8216, 3.5). */
const segmentHead = 'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n';

/**
 * The cues of each segment of the picture, one text a segment. A cue that goes on over a boundary stands whole in
 * every segment in which it is shown, so that a player that begins there has it, and knows it for the same.
 * `cues` in the order of time; throws `captions_invalid` when that makes them far larger.
 */
export function captionSegments(plan: EncodePlan, cues: readonly Cue[]): string[] {
  // In whole numbers: a cue that ends where a segment does must not be in the next one too.
  const { gopFrames, frameRate } = plan;
  const segmentsAt = (ms: number) =>
    (ms * frameRate.numerator) / (gopFrames * frameRate.denominator * 1000);
  const segments = Array.from({ length: segmentCount(plan) }, () => [segmentHead]);
  let bytes = 0;
  for (const cue of cues) {
    const block = cueBlock(cue);
    const first = Math.floor(segmentsAt(cue.startMs));
    const end = Math.min(segments.length, Math.ceil(segmentsAt(cue.endMs)));
    bytes += block.length * Math.max(0, end - first);
    if (bytes > mostSegmentBytes) {
      const message = 'too many cues are shown for too long.';
      throw new JobError('captions_invalid', message);
    }
    for (let index = first; index < end; index += 1) segments[index]?.push(block);
  }
  return segments.map((blocks) => blocks.join(''));
}

export type CaptionFiles = {
  plan: EncodePlan;
  formats: Outputs['formats'];
  /** Of the folder. */
  name: string;
  /** In the order of time. */
  cues: readonly Cue[];
};

/** The files of captions but for their playlist. */
export function captionFiles({ plan, formats, name, cues }: CaptionFiles): OutputFile[] {
  const segments = formats.includes('hls') ? captionSegments(plan, cues) : [];
  const file = (base: string, text: string): OutputFile => ({
    name: `${name}/${base}`,
    from: 'memory',
    data: Buffer.from(text),
  });
  return [
    ...segments.map((text, index) => file(captionsFiles.segment(index), text)),
    file(captionsFiles.all, captionsText(cues)),
  ];
}
