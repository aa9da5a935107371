/** Ends a JPEG file, and is found nowhere else in one: compressed data escapes every 0xff. */
const endOfImage = Buffer.from([0xff, 0xd9]);

/** JPEG files, one behind the other, cut apart; throws a RangeError when the last is cut off. */
export async function* readJpegs(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const part of stream) {
    held = Buffer.concat([held, part]);
    for (let end = held.indexOf(endOfImage); end >= 0; end = held.indexOf(endOfImage)) {
      yield held.subarray(0, end + endOfImage.length);
      held = held.subarray(end + endOfImage.length);
    }
  }
  if (held.length > 0) throw new RangeError('A picture is cut off.');
}
