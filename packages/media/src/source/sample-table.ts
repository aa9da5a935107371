import { type Box, childBox, requiredBox } from '../boxes.ts';
import { KeyFrameDistance } from './key-frames.ts';

/** What the tables of one track of an unfragmented MP4 say (ISO/IEC 14496-12, 8.6 and 8.7). */
export type SampleTable = {
  samples: number;
  /** Of every sample, the last one excepted; null when they differ. */
  sampleDuration: number | null;
  /** Of all samples. */
  duration: number;
  /** Presentation times in the order of decoding, on the media's own clock. */
  compositionTimes: () => number[];
  /** Where the file must at least reach to hold every sample. */
  dataEnd: number;
  firstIsSync: boolean;
  /** In ticks, from the times that `compositionTimes` gave. */
  keyFrames: (times: readonly number[]) => { mostApart: number; open: boolean };
};

/** A table of 32-bit numbers, read where it lies: that of a film has hundreds of thousands of rows. */
type Table = { rows: number; at: (row: number, column: number) => number };

const emptyTable: Table = { rows: 0, at: () => 0 };

/** `offset` bytes into the box the rows begin, behind their count. */
function readTable(moov: Buffer, box: Box, columns: number, offset = 8): Table {
  const start = box.bodyStart + offset;
  const rows = moov.readUInt32BE(start - 4);
  if (start + rows * columns * 4 > box.end)
    throw new RangeError(`Table ${box.type} is longer than its box.`);
  return { rows, at: (row, column) => moov.readUInt32BE(start + (row * columns + column) * 4) };
}

/** How many samples the track says it has, without reading a table. */
export const countSamples = (moov: Buffer, stbl: Box): number =>
  moov.readUInt32BE(requiredBox(moov, stbl, 'stsz').bodyStart + 8);

function sampleSizes(moov: Buffer, stbl: Box): (sample: number) => number {
  const stsz = requiredBox(moov, stbl, 'stsz');
  const same = moov.readUInt32BE(stsz.bodyStart + 4);
  if (same > 0) return () => same;
  const sizes = readTable(moov, stsz, 1, 12);
  return (sample) => sizes.at(sample, 0);
}

function chunkOffsets(moov: Buffer, stbl: Box): { rows: number; at: (row: number) => number } {
  const stco = childBox(moov, stbl, 'stco');
  const table = stco
    ? readTable(moov, stco, 1)
    : readTable(moov, requiredBox(moov, stbl, 'co64'), 2);
  const at = stco
    ? (row: number) => table.at(row, 0)
    : (row: number) => table.at(row, 0) * 2 ** 32 + table.at(row, 1);
  return { rows: table.rows, at };
}

/** The end of the chunk that ends last. */
function dataEnd(moov: Buffer, stbl: Box): number {
  const samples = countSamples(moov, stbl);
  const sizeOf = sampleSizes(moov, stbl);
  const runs = readTable(moov, requiredBox(moov, stbl, 'stsc'), 3);
  const offsets = chunkOffsets(moov, stbl);
  let run = -1;
  let sample = 0;
  let end = 0;
  for (let chunk = 0; chunk < offsets.rows; chunk += 1) {
    if (run + 1 < runs.rows && runs.at(run + 1, 0) === chunk + 1) run += 1;
    const next = sample + (run < 0 ? 0 : runs.at(run, 1));
    if (next > samples) throw new RangeError('Chunks and samples do not match.');
    let chunkEnd = offsets.at(chunk);
    for (; sample < next; sample += 1) chunkEnd += sizeOf(sample);
    end = Math.max(end, chunkEnd);
  }
  if (sample !== samples) throw new RangeError('Chunks and samples do not match.');
  return end;
}

/** A table of runs must be of exactly these samples: a damaged count could be four billion. */
function requireSamples(runs: Table, samples: number): void {
  let counted = 0;
  for (let row = 0; row < runs.rows; row += 1) counted += runs.at(row, 0);
  if (counted !== samples) throw new RangeError('Times and samples do not match.');
}

/** Decoding times plus composition offsets, which are signed since version 1 and by habit. */
function compositionTimes(durations: Table, offsets: Table): number[] {
  const times: number[] = [];
  let time = 0;
  for (let row = 0; row < durations.rows; row += 1)
    for (let left = durations.at(row, 0); left > 0; left -= 1) {
      times.push(time);
      time += durations.at(row, 1);
    }
  let sample = 0;
  for (let row = 0; row < offsets.rows; row += 1) {
    const offset = offsets.at(row, 1) | 0;
    for (let left = offsets.at(row, 0); left > 0; left -= 1, sample += 1)
      times[sample] = (times[sample] ?? Number.NaN) + offset;
  }
  return times;
}

/** Without a table of sync samples, every sample is one. */
function isSync(sync: Table | null): (sample: number) => boolean {
  if (!sync) return () => true;
  let row = 0;
  return (sample) => {
    const found = row < sync.rows && sync.at(row, 0) === sample + 1;
    if (found) row += 1;
    return found;
  };
}

/** Reads the tables; a RangeError when they are missing, damaged or contradict each other. */
export function readSampleTable(moov: Buffer, stbl: Box): SampleTable {
  const samples = countSamples(moov, stbl);
  const durations = readTable(moov, requiredBox(moov, stbl, 'stts'), 2);
  requireSamples(durations, samples);
  const ctts = childBox(moov, stbl, 'ctts');
  const offsets = ctts ? readTable(moov, ctts, 2) : emptyTable;
  if (ctts) requireSamples(offsets, samples);
  const isEven =
    durations.rows === 1 || (durations.rows === 2 && durations.at(0, 0) === samples - 1);
  let duration = 0;
  for (let row = 0; row < durations.rows; row += 1)
    duration += durations.at(row, 0) * durations.at(row, 1);
  const stss = childBox(moov, stbl, 'stss');
  const sync = stss ? readTable(moov, stss, 1) : null;
  return {
    samples,
    sampleDuration: isEven ? durations.at(0, 1) : null,
    duration,
    compositionTimes: () => compositionTimes(durations, offsets),
    dataEnd: dataEnd(moov, stbl),
    firstIsSync: isSync(sync)(0),
    keyFrames: (times) => {
      const isKey = isSync(sync);
      const distance = new KeyFrameDistance();
      times.forEach((time, sample) => {
        distance.add(time, true, isKey(sample));
      });
      return distance.measured();
    },
  };
}
