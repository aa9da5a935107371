import type { ByteSource } from './source/bytes.ts';

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2). */
export type Box = {
  type: string;
  start: number;
  /** First byte after size and type. */
  bodyStart: number;
  /** Exclusive; may lie beyond the end of a truncated file. */
  end: number;
};

/** Reads the header at `offset` of `bytes`; `limit` is the end of what contains the box. */
function header(bytes: Buffer, offset: number, limit: number, base: number): Box {
  const size32 = bytes.readUInt32BE(offset);
  const type = bytes.toString('latin1', offset + 4, offset + 8);
  const isLarge = size32 === 1;
  const size = isLarge ? Number(bytes.readBigUInt64BE(offset + 8)) : size32;
  const start = base + offset;
  const bodyStart = start + (isLarge ? 16 : 8);
  const end = size32 === 0 ? limit : start + size;
  if (end < bodyStart) throw new RangeError(`Box ${type} is smaller than its own header.`);
  return { type, start, bodyStart, end };
}

/** The boxes of a file, header by header; media data is never read. */
export async function* fileBoxes(source: ByteSource): AsyncGenerator<Box> {
  let offset = 0;
  while (offset + 8 <= source.size) {
    const box = header(await source.read(offset, 16), 0, source.size, offset);
    yield box;
    offset = box.end;
  }
}

/** The boxes between two offsets of a buffer; throws a RangeError when one does not fit. */
export function boxesIn(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  let offset = start;
  while (offset + 8 <= end) {
    const box = header(bytes, offset, end, 0);
    if (box.end > end) throw new RangeError(`Box ${box.type} does not fit into its parent.`);
    boxes.push(box);
    offset = box.end;
  }
  return boxes;
}

/** The first box on a path such as `mdia/minf/stbl`, below `parent`; undefined when there is none. */
export function childBox(bytes: Buffer, parent: Box, path: string): Box | undefined {
  let box: Box | undefined = parent;
  for (const type of path.split('/'))
    box = box && boxesIn(bytes, box.bodyStart, box.end).find((child) => child.type === type);
  return box;
}

/** As `childBox`, for a box that must be there: a RangeError otherwise. */
export function requiredBox(bytes: Buffer, parent: Box, path: string): Box {
  const box = childBox(bytes, parent, path);
  if (!box) throw new RangeError(`Box ${path} is missing.`);
  return box;
}
