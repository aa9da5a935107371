const marks = [
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/** Index of the first line that is not UTF-8; a line end is the same byte in all lines. */
function firstForeignLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  for (let start = 0; start < bytes.length; line += 1) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}

/**
 * The text of a file: UTF-8, or UTF-16 that begins with a byte order mark. Older encodings are not guessed: a wrong
 * guess shows wrong letters to every viewer, and nobody is told. Returns the index of a line that is neither.
 */
export function decodeText(bytes: Uint8Array): string | { foreignLine: number } {
  const mark = marks.find((one) => one.bytes.every((byte, index) => bytes[index] === byte));
  try {
    return new TextDecoder(mark?.encoding ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { foreignLine: mark ? 0 : firstForeignLine(bytes) };
  }
}
