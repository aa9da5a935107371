import { JobError } from '@spillway/contracts';
import { fileBoxes } from '../boxes.ts';
import type { ByteSource } from './bytes.ts';

/** Beginnings of files that name other files or hosts; ffmpeg would read those. */
const playlists = [
  /^#EXTM3U/,
  /^ffconcat\s/,
  /^(file|stream|chunked_stream)\s+\S/,
  /^\[playlist\]/i,
  /^\[Reference\]/i,
  /^(RTSP|SMIL)text/,
  /^v=0\r?\n/,
  /^(rtsp|https?|file|concat|ftp|smb):\S/,
  /^<(\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<?(MPD|SmoothStreamingMedia|smil|asx|playlist|CompositionPlaylist|AssetMap|PackingList)\b/is,
];

/** Inside a file that only a demuxer we do not allow could read. */
const namesOthers = /#EXTM3U|ffconcat|<MPD|<SmoothStreamingMedia|<smil|<CompositionPlaylist/i;

const images: [name: string, signature: RegExp][] = [
  ['JPEG', /^\xff\xd8\xff/],
  ['PNG', /^\x89PNG/],
  ['WebP', /^RIFF....WEBP/s],
  ['TIFF', /^(II\*\0|MM\0\*)/],
  ['BMP', /^BM.{8}/s],
  ['HEIF', /^.{4}ftyp(heic|heix|mif1|msf1|avif|avis)/s],
  ['JPEG 2000', /^.{4}jP {2}/s],
  ['SVG', /^\s*<svg\b/],
];

/** An ID3 tag (and a byte order mark) may precede anything: probing skips them, so we do. */
function withoutPreamble(head: Buffer): string {
  const isTagged = head.length >= 10 && head.toString('latin1', 0, 3) === 'ID3';
  const tagBytes = isTagged
    ? [...head.subarray(6, 10)].reduce((size, byte) => size * 128 + (byte & 0x7f), 10)
    : 0;
  return head.toString('latin1', tagBytes).replace(/^(\xef\xbb\xbf)?\s*/, '');
}

const notAllowed = () =>
  new JobError(
    'source_not_allowed',
    'The source is a playlist that names other files or hosts, which are never read; send the media itself.',
  );

export const stillImage = (kind: string): JobError =>
  new JobError('source_no_video', `The source is a still ${kind} image, not a video.`);

/** Whether a head that no allowed demuxer can read looks as if it named other files. */
export const isDisguisedPlaylist = (head: Buffer): boolean =>
  namesOthers.test(head.toString('latin1'));

/**
 * Refuses by the first bytes what must not reach ffmpeg, or what it would call by a wrong name.
 * Returns those bytes.
 */
export async function refuseByContent(source: ByteSource): Promise<Buffer> {
  if (source.size === 0)
    throw new JobError('source_empty', 'The source is empty: it has 0 bytes; send it again.');
  const head = await source.read(0, 4096);
  const text = withoutPreamble(head);
  if (playlists.some((pattern) => pattern.test(text))) throw notAllowed();
  const image = images.find(([, signature]) => signature.test(head.toString('latin1')));
  if (image) throw stillImage(image[0]);
  return head;
}

export const isMp4 = (head: Buffer): boolean =>
  /^(ftyp|styp|moov|moof|mdat|sidx|uuid|wide|free|skip|pnot)$/.test(head.toString('latin1', 4, 8));

/**
 * The bytes of the `moov` box, or null when there are more than `maxBytes`. Without a whole one the
 * source is truncated.
 */
export async function readMoov(source: ByteSource, maxBytes: number): Promise<Buffer | null> {
  try {
    for await (const box of fileBoxes(source)) {
      if (box.type !== 'moov') continue;
      if (box.end > source.size) break;
      if (box.end - box.start > maxBytes) return null;
      return await source.read(box.start, box.end - box.start);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new JobError(
    'source_truncated',
    'The source has no complete index (the moov box of an MP4): it was cut off or never finished; send it again.',
  );
}
