import { type Box, childBox, requiredBox } from '../boxes.ts';

/** What the tables of one track of an unfragmented MP4 say (ISO/IEC 14496-12, 8.6 and 8.7). */
export type SampleTable = {
  samples: number;
  /** Of every sample, the last one excepted; null when they differ. */
  sampleDuration: number | null;
  /** Of all samples. */
  duration: number;
  /** Presentation times, ascending, on the media's own clock; null when there are none listed. */
  compositionTimes: () => number[];
  /** Where the file must at least reach to hold every sample. */
  dataEnd: number;
  firstIsSync: boolean;
};

/** The 32-bit numbers of a table: `columns` a row, `offset` bytes into the box. */
function rows(moov: Buffer, box: Box, columns: number, offset = 8): number[][] {
  const count = moov.readUInt32BE(box.bodyStart + offset - 4);
  if (box.bodyStart + offset + count * columns * 4 > box.end)
    throw new RangeError(`Table ${box.type} is longer than its box.`);
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      moov.readUInt32BE(box.bodyStart + offset + (row * columns + column) * 4),
    ),
  );
}

/** How many samples the track says it has, without reading a table. */
export const countSamples = (moov: Buffer, stbl: Box): number =>
  moov.readUInt32BE(requiredBox(moov, stbl, 'stsz').bodyStart + 8);

function sampleSizes(moov: Buffer, stbl: Box): number[] {
  const stsz = requiredBox(moov, stbl, 'stsz');
  const same = moov.readUInt32BE(stsz.bodyStart + 4);
  if (same > 0) return new Array<number>(countSamples(moov, stbl)).fill(same);
  return rows(moov, stsz, 1, 12).map(([size = 0]) => size);
}

function chunkOffsets(moov: Buffer, stbl: Box): number[] {
  const stco = childBox(moov, stbl, 'stco');
  if (stco) return rows(moov, stco, 1).map(([offset = 0]) => offset);
  const co64 = requiredBox(moov, stbl, 'co64');
  return rows(moov, co64, 2).map(([high = 0, low = 0]) => high * 2 ** 32 + low);
}

/** The end of the chunk that ends last. */
function dataEnd(moov: Buffer, stbl: Box): number {
  const sizes = sampleSizes(moov, stbl);
  const runs = rows(moov, requiredBox(moov, stbl, 'stsc'), 3);
  let run = -1;
  let sample = 0;
  let end = 0;
  for (const [index, offset] of chunkOffsets(moov, stbl).entries()) {
    if (runs[run + 1]?.[0] === index + 1) run += 1;
    const samples = runs[run]?.[1] ?? 0;
    let chunkEnd = offset;
    for (const size of sizes.slice(sample, sample + samples)) chunkEnd += size;
    sample += samples;
    end = Math.max(end, chunkEnd);
  }
  if (sample !== sizes.length) throw new RangeError('Chunks and samples do not match.');
  return end;
}

/** A table of runs must be of exactly these samples: a damaged count could be four billion. */
function requireSamples(runs: readonly number[][], samples: number): void {
  const counted = runs.reduce((sum, [count = 0]) => sum + count, 0);
  if (counted !== samples) throw new RangeError('Times and samples do not match.');
}

/** Decoding times plus composition offsets, which are signed since version 1 and by habit. */
function compositionTimes(durations: readonly number[][], offsets: readonly number[][]): number[] {
  const times: number[] = [];
  let time = 0;
  for (const [count = 0, duration = 0] of durations)
    for (let index = 0; index < count; index += 1) {
      times.push(time);
      time += duration;
    }
  let sample = 0;
  for (const [count = 0, offset = 0] of offsets)
    for (let index = 0; index < count; index += 1) {
      times[sample] = (times[sample] ?? Number.NaN) + (offset | 0);
      sample += 1;
    }
  return times.sort((a, b) => a - b);
}

/** Reads the tables; a RangeError when they are missing, damaged or contradict each other. */
export function readSampleTable(moov: Buffer, stbl: Box): SampleTable {
  const samples = countSamples(moov, stbl);
  const durations = rows(moov, requiredBox(moov, stbl, 'stts'), 2);
  requireSamples(durations, samples);
  const ctts = childBox(moov, stbl, 'ctts');
  const offsets = ctts ? rows(moov, ctts, 2) : [];
  if (ctts) requireSamples(offsets, samples);
  const [[firstCount = 0, sampleDuration = 0] = []] = durations;
  const isEven = durations.length === 1 || (durations.length === 2 && firstCount === samples - 1);
  const stss = childBox(moov, stbl, 'stss');
  return {
    samples,
    sampleDuration: isEven ? sampleDuration : null,
    duration: durations.reduce((sum, [count = 0, each = 0]) => sum + count * each, 0),
    compositionTimes: () => compositionTimes(durations, offsets),
    dataEnd: dataEnd(moov, stbl),
    firstIsSync: !stss || rows(moov, stss, 1)[0]?.[0] === 1,
  };
}
