import { crc32 } from 'node:zlib';
import { receiptHandleIsInvalid } from '../protocol/errors.ts';
import type { Receipt } from '../queue/engine.ts';

const version = 1;
const bytes = 25;
const checked = 21;

/**
 * A receipt handle names the message by its slot and sequence, so it needs no memory and stays good
 * across restarts; the checksum tells a mistyped one from an old one.
 */
export function encodeReceipt({ queue, slot, sequence, receives }: Receipt): string {
  const buffer = Buffer.allocUnsafe(bytes);
  buffer[0] = version;
  buffer.writeUInt32LE(queue, 1);
  buffer.writeUInt32LE(slot, 5);
  buffer.writeDoubleLE(sequence, 9);
  buffer.writeUInt32LE(receives, 17);
  buffer.writeUInt32LE(crc32(buffer.subarray(0, checked)), checked);
  return buffer.toString('base64');
}

/** @throws ServiceError ReceiptHandleIsInvalid */
export function decodeReceipt(handle: string): Receipt {
  const buffer = Buffer.from(handle, 'base64');
  const valid =
    buffer.length === bytes &&
    buffer[0] === version &&
    buffer.readUInt32LE(checked) === crc32(buffer.subarray(0, checked));
  if (!valid) throw receiptHandleIsInvalid(handle);
  return {
    queue: buffer.readUInt32LE(1),
    slot: buffer.readUInt32LE(5),
    sequence: buffer.readDoubleLE(9),
    receives: buffer.readUInt32LE(17),
  };
}
