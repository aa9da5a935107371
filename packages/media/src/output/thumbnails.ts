import { chunkAt } from '@spillway/contracts';
import { timestamp } from '../captions/timestamp.ts';
import { toNumber } from '../rational.ts';
import type { JoinedOutput, Part } from './joined-track.ts';

/** Thumbnails for scrubbing as WebVTT, in the form that players know: a picture by its place on a sheet. */

/** The addresses of a part's pictures, in order. */
function pictures({ folder, report }: Part): string[] {
  if (!report.thumbnails) return [];
  const { width, height, columns, rows, sheets, count } = report.thumbnails;
  return Array.from({ length: count }, (_, index) => {
    const place = index % (columns * rows);
    const x = (place % columns) * width;
    const y = Math.floor(place / columns) * height;
    const sheet = sheets[Math.floor(index / (columns * rows))];
    return `${folder}${sheet}#xywh=${x},${y},${width},${height}`;
  });
}

/** One picture a segment; null where there are none at all, as of a video of one segment. */
export function thumbnailsVtt({ plan, chunks }: JoinedOutput): string | null {
  const frameMs = 1000 / toNumber(plan.frameRate);
  const at = (segment: number) =>
    timestamp(Math.round(Math.min(plan.frames, segment * plan.gopFrames) * frameMs));
  const cues = chunks.flatMap((part, chunkIndex) => {
    const { firstSegment } = chunkAt(plan, chunkIndex);
    return pictures(part).map((picture, index) => {
      const segment = firstSegment + index;
      return `${at(segment)} --> ${at(segment + 1)}\n${picture}\n`;
    });
  });
  return cues.length > 0 ? `WEBVTT\n\n${cues.join('\n')}` : null;
}
