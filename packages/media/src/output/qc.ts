import type { EncodePlan, QcReport } from '@spillway/contracts';
import { toNumber } from '../rational.ts';
import {
  countGaps,
  countMisplaced,
  countSamples,
  durationSeconds,
  isHeardFromZero,
  type JoinedOutput,
  type JoinedTrack,
  type Part,
} from './joined-track.ts';

type RenditionReport = QcReport['renditions'][number];

function reportRendition(name: string, plan: EncodePlan, track: JoinedTrack): RenditionReport {
  return {
    name,
    framesPlanned: plan.frames,
    framesFound: countSamples(track),
    segments: track.segments.length,
    segmentsStartWithIdr: track.segments.every(({ startsWithIdr }) => startsWithIdr),
    initHash: track.initHash,
    dtsGaps: countGaps(track),
    durationSeconds: durationSeconds(track),
  };
}

function renditionFailures(
  plan: EncodePlan,
  track: JoinedTrack,
  report: RenditionReport,
): string[] {
  const { name, framesPlanned, framesFound, segments, dtsGaps } = report;
  const planned = Math.ceil(plan.frames / plan.gopFrames);
  const offGrid = track.segments.slice(0, -1).filter(({ samples }) => samples !== plan.gopFrames);
  const misplaced = countMisplaced(track);
  const failures: string[] = [];
  if (framesFound !== framesPlanned)
    failures.push(`${name} has ${framesFound} frames where ${framesPlanned} were planned.`);
  if (segments !== planned || offGrid.length > 0)
    failures.push(`${name} has ${segments} segments where the grid has ${planned}.`);
  if (!report.segmentsStartWithIdr)
    failures.push(`${name} has a segment that does not start with an IDR picture.`);
  if (misplaced > 0)
    failures.push(`${name} has ${misplaced} segments whose first picture is not shown in time.`);
  if (dtsGaps > 0) failures.push(`${name} has ${dtsGaps} gaps between its segments.`);
  if (track.initHashes.length > 1)
    failures.push(`The chunks of ${name} have ${track.initHashes.length} init segments.`);
  return failures;
}

/** A part that does not begin with the very picture at which the one before ended was cut wrongly. */
function checkSeams(chunks: readonly Part[]): QcReport['seams'] {
  if (chunks.length < 2) return null;
  const broken = chunks.flatMap(({ report }, index) => {
    const ended = chunks[index - 1]?.report.seam?.next;
    return index === 0 || (ended && ended === report.seam?.first) ? [] : [index];
  });
  return { checked: chunks.length - 1, broken };
}

/** What a report says of seams; null when they hold. */
export function seamFailure({ seams }: Pick<QcReport, 'seams'>): string | null {
  if (!seams || seams.broken.length === 0) return null;
  const { broken, checked } = seams;
  return `The picture does not go on at ${broken.length} of ${checked} seams, first before chunk ${broken[0]}.`;
}

function audioFailures({ plan }: JoinedOutput, audio: JoinedTrack, difference: number): string[] {
  const gaps = countGaps(audio);
  const failures: string[] = [];
  if (Math.abs(difference) >= 1 / toNumber(plan.frameRate))
    failures.push(`Sound and picture differ by ${difference.toFixed(3)} s in length.`);
  if (!isHeardFromZero(audio)) failures.push('The first sample of the sound is not heard at 0.');
  if (gaps > 0) failures.push(`The sound has ${gaps} gaps between its segments.`);
  return failures;
}

/**
 * The evidence that an output is whole, from its finished files: counted in their boxes, not taken
 * from what ffmpeg said while it wrote them.
 */
export function qcReport(joined: JoinedOutput): QcReport {
  const { plan, chunks, video, audio, captions } = joined;
  const failures: string[] = [];
  const renditions: RenditionReport[] = [];
  for (const { name } of plan.video) {
    const track = video.get(name);
    if (!track) {
      failures.push(`${name} was planned and is missing.`);
      continue;
    }
    const report = reportRendition(name, plan, track);
    renditions.push(report);
    failures.push(...renditionFailures(plan, track, report));
  }
  const frameSeconds = 1 / toNumber(plan.frameRate);
  const difference = audio && durationSeconds(audio) - plan.frames * frameSeconds;
  if (plan.audio && !audio) failures.push('The sound was planned and is missing.');
  if (audio && difference !== null) failures.push(...audioFailures(joined, audio, difference));
  const builds = new Set(chunks.map(({ report }) => report.ffmpegBuild)).size;
  if (builds > 1) failures.push(`The chunks come from ${builds} builds of ffmpeg.`);
  const seams = checkSeams(chunks);
  const seam = seamFailure({ seams });
  if (seam) failures.push(seam);
  return {
    schemaVersion: 1,
    passed: failures.length === 0,
    failures,
    renditions,
    audio: audio && {
      segments: audio.segments.length,
      dtsGaps: countGaps(audio),
      durationSeconds: durationSeconds(audio),
      initHash: audio.initHash,
    },
    captions: captions.tracks.map(({ name, language, cues }) => ({ name, language, cues })),
    seams,
    audioVideoDifferenceSeconds: difference,
    frameSeconds,
  };
}
