import type { SourceAudio, SourceMedia, SourceVideo } from '@spillway/contracts';
import { type Box, boxesIn, childBox, requiredBox } from '../boxes.ts';
import { rational, toNumber } from '../rational.ts';
import { limits } from '../settings.ts';
import { colourOf } from './colour.ts';
import { chooseGrid } from './frame-rate.ts';
import { readSps } from './h264-sps.ts';
import { inSeconds } from './key-frames.ts';
import { checkFrames } from './limits.ts';
import { countSamples, readSampleTable, type SampleTable } from './sample-table.ts';

/**
 * Knows the plainest of sources from their index alone, because starting ffprobe costs more than
 * encoding a short clip's sound: progressive 8-bit 4:2:0 H.264 at a constant rate from 0, at most
 * one plain AAC track. Whatever is not exactly that is left to ffprobe; on the same file both ways
 * say the same.
 */

type TrackOf = { streamIndex: number; trak: Box; stbl: Box; timescale: number; language: string };

/** 16.16 numbers of a track shown as it is: no rotation, no mirror. */
const identityMatrix = '000100000000000000000000000000000001000000000000000000000000000040000000';

function describeTrack(moov: Buffer, trak: Box, streamIndex: number): TrackOf {
  const mdhd = requiredBox(moov, trak, 'mdia/mdhd').bodyStart;
  const isLong = moov[mdhd] === 1;
  const packed = moov.readUInt16BE(mdhd + (isLong ? 32 : 20));
  const letters = [packed >> 10, packed >> 5, packed].map((five) => (five & 31) + 0x60);
  return {
    streamIndex,
    trak,
    stbl: requiredBox(moov, trak, 'mdia/minf/stbl'),
    timescale: moov.readUInt32BE(mdhd + (isLong ? 20 : 12)),
    language: String.fromCharCode(...letters),
  };
}

const handler = (moov: Buffer, trak: Box): string => {
  const hdlr = requiredBox(moov, trak, 'mdia/hdlr').bodyStart;
  return moov.toString('latin1', hdlr + 8, hdlr + 12);
};

/** The only sample description of a track; undefined when there are several. */
function sampleEntry(moov: Buffer, { stbl }: TrackOf): Box | undefined {
  const stsd = requiredBox(moov, stbl, 'stsd');
  const [entry, ...others] = boxesIn(moov, stsd.bodyStart + 8, stsd.end);
  return others.length === 0 ? entry : undefined;
}

/** Of the edit list: from which media time on, and how many seconds, are shown. */
type Edit = { mediaTime: number; seconds: number };

/** The one simple edit of a track, `null` without an edit list, `undefined` for anything else. */
function readEdit(moov: Buffer, trak: Box, movieTimescale: number): Edit | null | undefined {
  const elst = childBox(moov, trak, 'edts/elst');
  if (!elst) return null;
  const at = elst.bodyStart;
  if (moov.readUInt32BE(at + 4) !== 1 || moov[at] !== 0) return undefined;
  const mediaTime = moov.readInt32BE(at + 12);
  const isNormalRate = moov.readUInt32BE(at + 16) === 0x10000;
  if (mediaTime < 0 || !isNormalRate) return undefined;
  return { mediaTime, seconds: moov.readUInt32BE(at + 8) / movieTimescale };
}

/** Where the first frame is shown, or undefined when the edit is not just the reordering delay. */
function beginsAtZero(edit: Edit | null | undefined, first: number, seconds: number): boolean {
  if (edit === undefined) return false;
  if (edit === null) return first === 0;
  // A shorter edit would hide frames at the end; movie time is coarse, so a little is nothing.
  return edit.mediaTime === first && edit.seconds > seconds - 0.002;
}

const namesByCode: Record<number, string | undefined> = {
  1: 'bt709',
  5: 'bt470bg',
  6: 'smpte170m',
};

/** The code point's name, undefined where none is said, and null for one that ffprobe must judge. */
const colourName = (code: number): string | undefined | null =>
  code === 2 ? undefined : (namesByCode[code] ?? null);

type Picture = Pick<SourceVideo, 'width' | 'height' | 'colour'>;

function readPicture(moov: Buffer, entry: Box): Picture | null {
  if (entry.type !== 'avc1') return null;
  const children = boxesIn(moov, entry.bodyStart + 78, entry.end);
  const avcC = children.find(({ type }) => type === 'avcC');
  // Boxes that may change what is shown (aspect, aperture, colour) are ffprobe's to weigh.
  const harmless = children.every(({ type }) => ['avcC', 'btrt', 'pasp', 'colr'].includes(type));
  if (!avcC || !harmless) return null;
  const pasp = children.find(({ type }) => type === 'pasp')?.bodyStart;
  if (pasp !== undefined && moov.readUInt32BE(pasp) !== moov.readUInt32BE(pasp + 4)) return null;
  if (((moov[avcC.bodyStart + 5] ?? 0) & 31) !== 1) return null;
  const length = moov.readUInt16BE(avcC.bodyStart + 6);
  const spsStart = avcC.bodyStart + 8;
  const sps = readSps(moov.subarray(spsStart, Math.min(spsStart + length, avcC.end)));
  if (!sps?.progressive || sps.fullRange || toNumber(sps.sampleAspectRatio) !== 1) return null;
  const [matrix, primaries, transfer] = [sps.matrix, sps.primaries, sps.transfer].map(colourName);
  if (matrix === null || primaries === null || transfer === null) return null;
  const isUntold = matrix === undefined || primaries === undefined || transfer === undefined;
  if (isUntold && children.some(({ type }) => type === 'colr')) return null;
  const { width, height } = sps;
  return { width, height, colour: colourOf({ matrix, primaries, transfer }, 'yuv420p', height) };
}

function hasIdentityMatrix(moov: Buffer, trak: Box): boolean {
  const tkhd = requiredBox(moov, trak, 'tkhd').bodyStart;
  const matrix = tkhd + (moov[tkhd] === 1 ? 52 : 40);
  return moov.toString('hex', matrix, matrix + 36) === identityMatrix;
}

function readVideo(moov: Buffer, track: TrackOf, table: SampleTable, movieTimescale: number) {
  const entry = sampleEntry(moov, track);
  const picture = entry && readPicture(moov, entry);
  const { sampleDuration, firstIsSync, samples } = table;
  if (!picture || !sampleDuration || !firstIsSync || !hasIdentityMatrix(moov, track.trak))
    return null;
  const decoded = table.compositionTimes();
  const times = decoded.toSorted((a, b) => a - b);
  const first = times[0] ?? 0;
  if (times.some((time, index) => time !== first + index * sampleDuration)) return null;
  const rate = rational(track.timescale, sampleDuration);
  const edit = readEdit(moov, track.trak, movieTimescale);
  if (!beginsAtZero(edit, first, samples / toNumber(rate))) return null;
  const grid = chooseGrid(
    {
      ticks: times.map((time) => time - first),
      timeBase: rational(1, track.timescale),
      lastDuration: sampleDuration,
    },
    { base: rate, average: rate },
  );
  return {
    streamIndex: track.streamIndex,
    codec: 'h264',
    ...picture,
    pixelFormat: 'yuv420p',
    fullRange: false,
    isHdr: false,
    interlaced: false,
    ...grid,
    frames: samples,
    keyFrames: inSeconds(table.keyFrames(decoded), 1 / track.timescale),
  } satisfies SourceVideo;
}

/** By their index. Slower ones may carry HE-AAC unsaid, of twice the rate and perhaps in stereo. */
const sampleRatesHz = [96000, 88200, 64000, 48000, 44100, 32000];
const aacLowComplexity = 2;

/** Channels and rate by the AudioSpecificConfig of an AAC-LC track; null for any other. */
function readAac(moov: Buffer, entry: Box): { channels: number; sampleRate: number } | null {
  const isPlain = entry.type === 'mp4a' && moov.readUInt16BE(entry.bodyStart + 8) === 0;
  const esds = isPlain && boxesIn(moov, entry.bodyStart + 28, entry.end).find(isEsds);
  if (!esds) return null;
  let at = esds.bodyStart + 4;
  // Descriptors (ISO/IEC 14496-1, 7.2.6): a tag, a length of 7 bits a byte, then the body.
  const descend = (tag: number, skip: number): boolean => {
    if (moov[at] !== tag) return false;
    at += 1;
    while (((moov[at] ?? 0) & 0x80) !== 0) at += 1;
    at += 1 + skip;
    return true;
  };
  if (!descend(3, 3) || !descend(4, 0) || moov[at] !== 0x40) return null;
  at += 13;
  if (!descend(5, 0)) return null;
  const config = moov.readUInt16BE(at);
  const sampleRate = sampleRatesHz[(config >> 7) & 15];
  const channels = (config >> 3) & 15;
  const isKnown = config >> 11 === aacLowComplexity && channels >= 1 && channels <= 6;
  return isKnown && sampleRate ? { channels, sampleRate } : null;
}

const isEsds = ({ type }: Box): boolean => type === 'esds';

function readAudio(moov: Buffer, track: TrackOf, table: SampleTable, movieTimescale: number) {
  const entry = sampleEntry(moov, track);
  const aac = entry && readAac(moov, entry);
  const edit = readEdit(moov, track.trak, movieTimescale);
  if (!aac || edit === undefined) return null;
  const shown = (table.duration - (edit?.mediaTime ?? 0)) / track.timescale;
  return {
    streamIndex: track.streamIndex,
    codec: 'aac',
    ...aac,
    startSeconds: 0,
    endSeconds: Math.min(shown, edit?.seconds ?? shown),
    language: track.language,
  } satisfies SourceAudio;
}

/** The whole source, or null when it is not plain. */
function readPlain(moov: Buffer, fileSize: number): SourceMedia | null {
  const root = boxesIn(moov, 0, moov.length)[0];
  if (!root || childBox(moov, root, 'mvex')) return null;
  const mvhd = requiredBox(moov, root, 'mvhd').bodyStart;
  const movieTimescale = moov.readUInt32BE(mvhd + (moov[mvhd] === 1 ? 20 : 12));
  const traks = boxesIn(moov, root.bodyStart, root.end).filter(({ type }) => type === 'trak');
  const counts = traks.map((trak) => countSamples(moov, requiredBox(moov, trak, 'mdia/minf/stbl')));
  checkFrames(Math.max(0, ...counts));
  if (counts.some((count) => count > limits.maxPlainSamples)) return null;
  const kinds = traks.map((trak) => handler(moov, trak));
  const videoIndex = kinds.indexOf('vide');
  const audioIndex = kinds.indexOf('soun');
  const isPair = traks.length === (audioIndex < 0 ? 1 : 2);
  const videoTrak = traks[videoIndex];
  if (!isPair || !videoTrak) return null;
  const read = (trak: Box, index: number) => {
    const track = describeTrack(moov, trak, index);
    return { track, table: readSampleTable(moov, track.stbl) };
  };
  const { track, table } = read(videoTrak, videoIndex);
  const video = readVideo(moov, track, table, movieTimescale);
  if (!video || table.dataEnd > fileSize) return null;
  const audioTrak = traks[audioIndex];
  const sound = audioTrak && read(audioTrak, audioIndex);
  const audio = sound && readAudio(moov, sound.track, sound.table, movieTimescale);
  if (sound && (!audio || sound.table.dataEnd > fileSize)) return null;
  return {
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    durationSeconds: Math.max(video.endSeconds, audio?.endSeconds ?? 0),
    video,
    audio: audio ?? null,
    allowPartial: false,
    warnings: [],
  };
}

/**
 * What a plain source is; null for ffprobe to tell, also when its index makes no sense. An absurd
 * count throws, before anything makes room for so many.
 */
export function inspectPlainMp4(moov: Buffer, fileSize: number): SourceMedia | null {
  try {
    return readPlain(moov, fileSize);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
