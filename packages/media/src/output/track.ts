import { createHash } from 'node:crypto';
import type { SegmentReport, TrackReport } from '@spillway/contracts';
import { type Box, boxesIn, childBox, fileBoxes, requiredBox } from '../boxes.ts';
import { aacCodecs } from '../plan/aac.ts';
import { type ByteSource, openWorkFile } from '../source/bytes.ts';

/** One `moof` and its `mdat` in a file, which begins there. */
export type Segment = SegmentReport & { start: number };

/** A fragmented MP4 file of one track, as ffmpeg finished it: the init segment, then the segments. */
export type Track = Omit<TrackReport, 'segments'> & { path: string; segments: Segment[] };

/** What the init segment says. */
export type TrackHeader = Omit<TrackReport, 'segments'>;

export function readTrackHeader(init: Buffer): TrackHeader {
  const file: Box = { type: 'file', start: 0, bodyStart: 0, end: init.length };
  const trak = requiredBox(init, file, 'moov/trak');
  const mdhd = requiredBox(init, trak, 'mdia/mdhd').bodyStart;
  const stsd = requiredBox(init, trak, 'mdia/minf/stbl/stsd');
  const [entry] = boxesIn(init, stsd.bodyStart + 8, stsd.end);
  if (!entry) throw new RangeError('The track describes no samples.');
  const isVideo = entry.type === 'avc1';
  const elst = childBox(init, trak, 'edts/elst')?.bodyStart;
  return {
    initBytes: init.length,
    initHash: createHash('sha256').update(init).digest('hex'),
    timescale: init.readUInt32BE(mdhd + (init[mdhd] === 1 ? 20 : 12)),
    codecs: isVideo ? avcCodecs(init, entry) : aacCodecs,
    editStart: elst === undefined ? 0 : Math.max(0, init.readInt32BE(elst + 12)),
    isVideo,
  };
}

/** Profile, constraints and level as hex, behind the 78 bytes of a visual sample entry. */
function avcCodecs(init: Buffer, entry: Box): string {
  const avcC = boxesIn(init, entry.bodyStart + 78, entry.end).find((box) => box.type === 'avcC');
  if (!avcC) throw new RangeError('The H.264 track has no avcC.');
  return `avc1.${init.toString('hex', avcC.bodyStart + 1, avcC.bodyStart + 4)}`;
}

type Fragment = Pick<Segment, 'baseTime' | 'duration' | 'samples' | 'firstOffset'> & {
  firstIsSync: boolean;
  firstSize: number;
  /** From the start of the moof. */
  dataOffset: number;
};

const nonSync = 0x10000;

/** What a `traf` says of its samples (ISO/IEC 14496-12, 8.8.7 and 8.8.8), as our muxer writes it. */
function readFragment(moof: Buffer): Fragment {
  const file: Box = { type: 'file', start: 0, bodyStart: 0, end: moof.length };
  const traf = requiredBox(moof, file, 'moof/traf');
  const tfhd = requiredBox(moof, traf, 'tfhd').bodyStart;
  const tfdt = requiredBox(moof, traf, 'tfdt').bodyStart;
  const trun = requiredBox(moof, traf, 'trun').bodyStart;
  const take = (flags: number, from: number) => {
    let at = from;
    return (flag: number): number | undefined => {
      if ((flags & flag) === 0) return undefined;
      at += 4;
      return moof.readUInt32BE(at - 4);
    };
  };
  const tfhdField = take(moof.readUIntBE(tfhd + 1, 3), tfhd + 8);
  tfhdField(0x2);
  const defaultDuration = tfhdField(0x8) ?? 0;
  const defaultSize = tfhdField(0x10) ?? 0;
  const defaultFlags = tfhdField(0x20) ?? 0;

  const flags = moof.readUIntBE(trun + 1, 3);
  const field = take(flags, trun + 8);
  const samples = moof.readUInt32BE(trun + 4);
  const dataOffset = field(0x1) ?? 0;
  const firstFlags = field(0x4);
  const first = { size: defaultSize, flags: firstFlags ?? defaultFlags, offset: 0 };
  let duration = 0;
  for (let index = 0; index < samples; index += 1) {
    duration += field(0x100) ?? defaultDuration;
    const size = field(0x200) ?? defaultSize;
    const sampleFlags = field(0x400) ?? defaultFlags;
    const offset = field(0x800) ?? 0;
    if (index === 0) {
      first.offset = offset;
      first.size = size;
      first.flags = firstFlags ?? sampleFlags;
    }
  }
  return {
    baseTime:
      moof[tfdt] === 1 ? Number(moof.readBigUInt64BE(tfdt + 4)) : moof.readUInt32BE(tfdt + 4),
    duration,
    samples,
    firstIsSync: (first.flags & nonSync) === 0,
    firstSize: first.size,
    firstOffset: first.offset,
    dataOffset,
  };
}

/** Whether the first slice of a sample is an IDR picture (NAL unit type 5; ISO/IEC 14496-10, 7.4.1). */
async function isIdr(source: ByteSource, start: number, size: number): Promise<boolean> {
  let at = start;
  while (at + 5 <= start + size) {
    const nal = await source.read(at, 5);
    const type = nal.readUInt8(4) & 0x1f;
    if (type >= 1 && type <= 5) return type === 5;
    at += 4 + nal.readUInt32BE(0);
  }
  return false;
}

/** The segment that begins with `moof`, but for the bytes of its media data. */
export async function readSegment(
  source: ByteSource,
  moof: Box,
  isVideo: boolean,
): Promise<Segment> {
  const fragment = readFragment(await source.read(moof.start, moof.end - moof.start));
  const firstSample = moof.start + fragment.dataOffset;
  return {
    start: moof.start,
    bytes: moof.end - moof.start,
    baseTime: fragment.baseTime,
    duration: fragment.duration,
    samples: fragment.samples,
    firstOffset: fragment.firstOffset,
    startsWithIdr:
      fragment.firstIsSync && (!isVideo || (await isIdr(source, firstSample, fragment.firstSize))),
  };
}

/**
 * Reads a finished file box by box, without its media data. Throws a RangeError when the file is
 * not a whole fragmented MP4 of one track.
 */
export async function readTrack(path: string): Promise<Track> {
  const source = openWorkFile(path);
  try {
    let header: TrackHeader | undefined;
    const segments: Segment[] = [];
    for await (const box of fileBoxes(source)) {
      if (box.end > source.size) throw new RangeError(`Box ${box.type} of ${path} is cut off.`);
      if (box.type === 'moov') {
        header = readTrackHeader(await source.read(0, box.end));
      } else if (box.type === 'moof' && header) {
        segments.push(await readSegment(source, box, header.isVideo));
      } else if (box.type === 'mdat') {
        const segment = segments.at(-1);
        if (segment) segment.bytes = box.end - segment.start;
      }
    }
    if (!header) throw new RangeError(`${path} has no moov.`);
    return { path, ...header, segments };
  } finally {
    await source.close();
  }
}
