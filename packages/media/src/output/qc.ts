import type { EncodePlan, QcReport, TrackReport } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import { countGaps, durationSeconds, startsAtZero } from './joined-track.ts';

type RenditionReport = QcReport['renditions'][number];

function reportRendition(name: string, plan: EncodePlan, track: TrackReport): RenditionReport {
  return {
    name,
    framesPlanned: plan.frames,
    framesFound: track.segments.reduce((sum, { samples }) => sum + samples, 0),
    segments: track.segments.length,
    segmentsStartWithIdr: track.segments.every(({ startsWithIdr }) => startsWithIdr),
    initHash: track.initHash,
    dtsGaps: countGaps(track),
    durationSeconds: durationSeconds(track),
  };
}

function renditionFailures(
  plan: EncodePlan,
  track: TrackReport,
  report: RenditionReport,
): string[] {
  const { name, framesPlanned, framesFound, segments, dtsGaps } = report;
  const planned = Math.ceil(plan.frames / plan.gopFrames);
  const offGrid = track.segments.slice(0, -1).filter(({ samples }) => samples !== plan.gopFrames);
  const failures: string[] = [];
  if (framesFound !== framesPlanned)
    failures.push(`${name} has ${framesFound} frames where ${framesPlanned} were planned.`);
  if (segments !== planned || offGrid.length > 0)
    failures.push(`${name} has ${segments} segments where the grid has ${planned}.`);
  if (!report.segmentsStartWithIdr)
    failures.push(`${name} has a segment that does not start with an IDR picture.`);
  if (!startsAtZero(track)) failures.push(`The first picture of ${name} is not shown at 0.`);
  if (dtsGaps > 0) failures.push(`${name} has ${dtsGaps} gaps between its segments.`);
  return failures;
}

/**
 * The evidence that an output is whole, from its finished files: counted in their boxes, not taken
 * from what ffmpeg said while it wrote them.
 */
export function qcReport(
  plan: EncodePlan,
  tracks: ReadonlyMap<string, TrackReport>,
  audio: TrackReport | null,
): QcReport {
  const failures: string[] = [];
  const renditions: RenditionReport[] = [];
  for (const { name } of plan.video) {
    const track = tracks.get(name);
    if (!track) {
      failures.push(`${name} was planned and is missing.`);
      continue;
    }
    const report = reportRendition(name, plan, track);
    renditions.push(report);
    failures.push(...renditionFailures(plan, track, report));
  }
  const frameSeconds = 1 / toNumber(plan.frameRate);
  const difference = audio ? durationSeconds(audio) - plan.frames * frameSeconds : null;
  if (plan.audio && !audio) failures.push('The sound was planned and is missing.');
  if (difference !== null && Math.abs(difference) >= frameSeconds)
    failures.push(`Sound and picture differ by ${difference.toFixed(3)} s in length.`);
  if (audio && !startsAtZero(audio))
    failures.push('The first sample of the sound is not heard at 0.');
  const audioGaps = audio ? countGaps(audio) : 0;
  if (audioGaps > 0) failures.push(`The sound has ${audioGaps} gaps between its segments.`);
  return {
    schemaVersion: 1,
    passed: failures.length === 0,
    failures,
    renditions,
    audio: audio && {
      segments: audio.segments.length,
      dtsGaps: audioGaps,
      durationSeconds: durationSeconds(audio),
      initHash: audio.initHash,
    },
    seams: null,
    audioVideoDifferenceSeconds: difference,
    frameSeconds,
  };
}
