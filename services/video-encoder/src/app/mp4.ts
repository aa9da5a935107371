import { chunkAt, type EncodePlan, trackFiles } from '@spillway/contracts';
import type { EncodedPart } from '@spillway/media';
import type { ObjectStore } from '@spillway/storage';
import type { Attempt } from './attempt.ts';
import { openPart } from './read-part.ts';
import { uploadFiles } from './uploads.ts';
import type { EncodeParts } from './work.ts';

export interface Mp4Tracks {
  readonly plan: EncodePlan;
  readonly chunks: readonly EncodedPart[];
  readonly audio: EncodedPart | null;
}

/** Joins the best rendition and the sound to one progressive file; returns the CPU seconds it took. */
export async function writeMp4(
  parts: EncodeParts,
  attempt: Attempt,
  { plan, chunks, audio }: Mp4Tracks,
): Promise<number> {
  const { storage, media } = parts;
  const { id: name, signal } = attempt;
  const video = [...videoKeys(plan, chunks)];
  const sound = audio && [...trackKeys(audio, trackFiles.audioFolder, 0)];
  const all = video.length + (sound?.length ?? 0);
  let read = 0;
  const onRead = () => attempt.advance(++read / all);
  const joined = await media.joinMp4({
    name,
    video: bytesOf(storage, video, onRead),
    audio: sound && bytesOf(storage, sound, onRead),
    frames: plan.frames,
    signal,
  });
  try {
    await uploadFiles(parts, attempt, [joined.file]);
  } finally {
    await joined.remove();
  }
  return joined.cpuSeconds;
}

/** The init segment is the same in all chunks. */
function* videoKeys(plan: EncodePlan, chunks: readonly EncodedPart[]): Iterable<string> {
  const [best] = plan.video;
  if (!best) return;
  for (const [index, chunk] of chunks.entries()) {
    const [init, ...segments] = trackKeys(chunk, best.name, chunkAt(plan, index).firstSegment);
    if (index === 0 && init !== undefined) yield init;
    yield* segments;
  }
}

function* trackKeys(
  { prefix, report }: EncodedPart,
  folder: string,
  firstSegment: number,
): Iterable<string> {
  yield `${prefix}${folder}/${trackFiles.init}`;
  for (const index of report.tracks[folder]?.segments.keys() ?? []) {
    yield `${prefix}${folder}/${trackFiles.segment(firstSegment + index)}`;
  }
}

async function* bytesOf(
  storage: ObjectStore,
  keys: readonly string[],
  onRead: () => void,
): AsyncIterable<Uint8Array> {
  for (const key of keys) {
    yield* await openPart(storage, key);
    onRead();
  }
}
