/** Bits in the order of H.264 (ISO/IEC 14496-10, 7.2 and 9.1). */
class BitWriter {
  readonly bytes: number[] = [];
  #pending = '';

  bits(value: number, count: number): void {
    this.#pending += value.toString(2).padStart(count, '0');
    for (; this.#pending.length >= 8; this.#pending = this.#pending.slice(8))
      this.bytes.push(Number.parseInt(this.#pending.slice(0, 8), 2));
  }

  unsigned(...values: number[]): void {
    for (const value of values) this.bits(value + 1, 2 * Math.floor(Math.log2(value + 1)) + 1);
  }

  align(): void {
    while (this.#pending.length > 0) this.bits(0, 1);
  }

  end(): void {
    this.bits(1, 1);
    this.align();
  }
}

function nalUnit(header: number, write: (writer: BitWriter) => void): number[] {
  const writer = new BitWriter();
  write(writer);
  writer.end();
  const bytes = [0, 0, 0, 1, header];
  for (const byte of writer.bytes) {
    if (byte <= 3 && bytes.at(-1) === 0 && bytes.at(-2) === 0) bytes.push(3);
    bytes.push(byte);
  }
  return bytes;
}

const delimiter = [0, 0, 0, 1, 9, 0x10];

/** Main profile, 32x32, 25 pictures of two fields a second. */
const sequence = nalUnit(0x67, (to) => {
  to.bits(77, 8);
  to.bits(30, 16);
  // One id; frame numbers of 4 bits; picture order by type 0 in 8 bits; one reference; 2x1 (fields).
  to.unsigned(0, 0, 0, 4, 1);
  to.bits(0, 1);
  to.unsigned(1, 0);
  // Fields may be coded alone; no MBAFF; 8x8 inference; no cropping; then the timing.
  to.bits(0b00101, 5);
  to.bits(0b00001, 5);
  to.bits(1, 32);
  to.bits(50, 32);
  to.bits(0b10000, 5);
});

/** CAVLC, nothing optional. */
const parameters = nalUnit(0x68, (to) => {
  to.unsigned(0, 0);
  to.bits(0, 2);
  to.unsigned(0, 0, 0);
  to.bits(0, 3);
  to.unsigned(0, 0, 0);
  to.bits(0, 3);
});

/** A field of one shade, as bare samples (I_PCM). The first of a picture is an IDR. */
const field = (picture: number, bottom: boolean): number[] =>
  nalUnit(bottom ? 0x61 : 0x65, (to) => {
    to.unsigned(0, 7, 0);
    to.bits(0, 4);
    to.bits(bottom ? 0b11 : 0b10, 2);
    if (!bottom) to.unsigned(picture % 2);
    to.bits(bottom ? 1 : 0, 8);
    to.bits(0, bottom ? 1 : 2);
    to.unsigned(0);
    for (let block = 0; block < 2; block += 1) {
      to.unsigned(25);
      to.align();
      for (let sample = 0; sample < 384; sample += 1) to.bits(sample < 256 ? 40 + picture : 128, 8);
    }
  });

/**
 * H.264 as camcorders and broadcasters write it and no encoder here can: every field is a picture of
 * its own in the stream (PAFF). A raw stream; mux it at 50 a second.
 */
export function fieldPictures(pictures: number): Buffer {
  const units = Array.from({ length: pictures }, (_, picture) => [
    ...[...delimiter, ...sequence, ...parameters, ...field(picture, false)],
    ...[...delimiter, ...field(picture, true)],
  ]);
  return Buffer.from(units.flat());
}
