/** What a sequence parameter set says of the picture (ISO/IEC 14496-10, 7.3.2.1.1 and E.1.1). */
export type Sps = {
  profile: number;
  width: number;
  height: number;
  progressive: boolean;
  fullRange: boolean;
  /** Width of a pixel over its height; 1 when not said. */
  sampleAspectRatio: { numerator: number; denominator: number };
  /** Code points of ISO/IEC 23091-2; 2 is unspecified. */
  primaries: number;
  transfer: number;
  matrix: number;
};

/** Profiles whose parameter set says more of the chroma than "8-bit 4:2:0". */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const baselineOrMain = new Set([66, 77, 88]);

/** Table E-1, the entries that are not square. */
const aspectRatios: [number, number][] = [
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
];

/** Bits of a NAL unit without its emulation prevention bytes; a RangeError at their end. */
class BitReader {
  readonly #bytes: number[] = [];
  #at = 0;

  constructor(nal: Buffer) {
    for (const [index, byte] of nal.entries())
      if (!(byte === 3 && index >= 2 && nal[index - 1] === 0 && nal[index - 2] === 0))
        this.#bytes.push(byte);
  }

  bits(count: number): number {
    let value = 0;
    for (let read = 0; read < count; read += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError('The parameter set ends early.');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  unsigned(): number {
    let zeros = 0;
    while (this.bits(1) === 0) {
      zeros += 1;
      if (zeros > 31) throw new RangeError('The parameter set holds no number here.');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }
}

function skipPictureOrder(reader: BitReader): void {
  reader.unsigned();
  const type = reader.unsigned();
  if (type === 0) {
    reader.unsigned();
  } else if (type === 1) {
    reader.bits(1);
    reader.unsigned();
    reader.unsigned();
    const cycle = reader.unsigned();
    for (let index = 0; index < cycle; index += 1) reader.unsigned();
  }
}

type Vui = Pick<Sps, 'sampleAspectRatio' | 'fullRange' | 'primaries' | 'transfer' | 'matrix'>;

function readVui(reader: BitReader): Vui {
  const vui: Vui = {
    sampleAspectRatio: { numerator: 1, denominator: 1 },
    fullRange: false,
    primaries: 2,
    transfer: 2,
    matrix: 2,
  };
  if (!reader.flag()) return vui;
  if (reader.flag()) {
    const code = reader.bits(8);
    const [numerator, denominator] =
      code === 255 ? [reader.bits(16), reader.bits(16)] : (aspectRatios[code - 1] ?? [1, 1]);
    if (numerator > 0 && denominator > 0) vui.sampleAspectRatio = { numerator, denominator };
  }
  if (reader.flag()) reader.bits(1);
  if (reader.flag()) {
    reader.bits(3);
    vui.fullRange = reader.flag();
    if (reader.flag()) {
      vui.primaries = reader.bits(8);
      vui.transfer = reader.bits(8);
      vui.matrix = reader.bits(8);
    }
  }
  return vui;
}

/**
 * Reads a parameter set, from its NAL header on; null when it is not plain 8-bit 4:2:0, and a
 * RangeError when it ends early.
 */
export function readSps(nal: Buffer): Sps | null {
  const reader = new BitReader(nal.subarray(1));
  const profile = reader.bits(8);
  reader.bits(16);
  reader.unsigned();
  if (highProfiles.has(profile)) {
    const isYuv420 = reader.unsigned() === 1;
    const is8Bit = reader.unsigned() === 0 && reader.unsigned() === 0;
    const hasScalingMatrix = isYuv420 && is8Bit && (reader.bits(1) === 1 || reader.flag());
    if (!isYuv420 || !is8Bit || hasScalingMatrix) return null;
  } else if (!baselineOrMain.has(profile)) {
    return null;
  }
  skipPictureOrder(reader);
  reader.unsigned();
  reader.bits(1);
  const columns = reader.unsigned() + 1;
  const rows = reader.unsigned() + 1;
  const progressive = reader.flag();
  if (!progressive) reader.bits(1);
  reader.bits(1);
  const crop = reader.flag()
    ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]
    : [0, 0, 0, 0];
  const [left = 0, right = 0, above = 0, below = 0] = crop;
  const lineFactor = progressive ? 1 : 2;
  return {
    profile,
    width: columns * 16 - 2 * (left + right),
    height: lineFactor * (rows * 16 - 2 * (above + below)),
    progressive,
    ...readVui(reader),
  };
}
