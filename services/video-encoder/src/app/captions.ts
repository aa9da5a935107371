import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CAPTIONS_MAX_BYTES,
  type CaptionsTrack,
  type EncodePlan,
  type IngestJob,
  JobError,
  type PrepareJob,
} from '@spillway/contracts';
import { captionFiles, captionsText, readCaptions } from '@spillway/media';
import { StorageError } from '@spillway/storage';
import type { Attempt } from './attempt.ts';
import type { IngestParts } from './ingest.ts';
import { readPart } from './read-part.ts';
import { uploadFiles } from './uploads.ts';
import type { EncodeParts, Work } from './work.ts';

/** What failures call captions: they are counted from 1, as ingest jobs count them. */
const titleOf = (number: number, language: string | null): string =>
  `Captions ${number}${language === null ? '' : ` (${language})`}`;

/** A failure says which captions it is of. */
async function ofCaptions<T>(title: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    throw new JobError(error.code, `${title}: ${error.message}`, { cause: error });
  }
}

/** Breaks off when the file is larger than captions may be. */
async function* bounded(body: Readable): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > CAPTIONS_MAX_BYTES) {
      throw new JobError(
        'captions_invalid',
        `the file is larger than ${CAPTIONS_MAX_BYTES} bytes.`,
      );
    }
    yield chunk;
  }
}

async function openUploaded({ storage }: IngestParts, { uploaded }: IngestJob): Promise<Readable> {
  if (uploaded?.from !== 'object') throw new JobError('internal', 'there is nothing to bring.');
  try {
    const { body, etag } = await storage.get(uploaded.key);
    if (etag === uploaded.etag) return body;
    body.destroy();
    throw new JobError('source_changed', 'the upload is no longer the one that was ordered.');
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'not_found') throw error;
    throw new JobError('source_not_found', 'the upload is gone: order it again.', { cause: error });
  }
}

/** Fetches captions, or takes them as they were uploaded, and stores them as WebVTT if they are what they should be. */
export const ingestCaptions = (
  parts: IngestParts,
  job: IngestJob,
  attempt: Attempt,
): Promise<Work> =>
  ofCaptions(titleOf(job.index, job.language), async () => {
    const { storage, download, observer } = parts;
    const { signal } = attempt;
    const body =
      job.url === null
        ? await openUploaded(parts, job)
        : download(job.url, { signal, onBytes: () => {} });
    const bytes = await buffer(bounded(body));
    observer.moved('fetched', bytes.length);
    const cues = readCaptions(bytes);
    const key = `${attempt.prefix}captions.vtt`;
    await storage.put(key, Buffer.from(captionsText(cues)));
    const outcome = { kind: 'captions', key, cues: cues.length } as const;
    return { outcome, cpuSeconds: 0, ffmpegBuild: null };
  });

export interface CutTracks {
  readonly tracks: CaptionsTrack[];
  readonly warnings: string[];
}

/** Writes the captions of an order under the attempt's prefix, cut like the picture of the plan. */
export async function cutCaptions(
  parts: EncodeParts,
  { captions, outputs }: PrepareJob,
  attempt: Attempt,
  plan: EncodePlan,
): Promise<CutTracks> {
  const tracks: CaptionsTrack[] = [];
  const warnings: string[] = [];
  const endMs = (plan.frames * plan.frameRate.denominator * 1000) / plan.frameRate.numerator;
  // One after the other: as text a file may take ten times its size.
  for (const [index, { key }] of captions.entries()) {
    const asked = outputs.captions[index];
    if (!asked) throw new JobError('internal', 'Captions were brought that nobody asked for.');
    const { language, label = language } = asked;
    const title = titleOf(index + 1, language);
    const name = `captions-${index + 1}-${language}`;
    await ofCaptions(title, async () => {
      const bytes = await readPart(parts.storage, key);
      const cues = readCaptions(bytes);
      await uploadFiles(parts, attempt, captionFiles({ ...outputs, plan, name, cues }));
      const sizes = { cues: cues.length, bytes: bytes.length };
      tracks.push({ name, language, label, default: asked.default, ...sizes });
      const late = cues.filter(({ startMs }) => startMs >= endMs).length;
      if (late > 0) warnings.push(`${title}: ${late} of ${cues.length} cues begin after the end.`);
    });
  }
  return { tracks, warnings };
}
