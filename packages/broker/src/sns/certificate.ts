import { type KeyObject, sign } from 'node:crypto';

const sequence = 0x30;
const set = 0x31;
const subject = 'Spillway notifications';

// RFC 5280: a certificate that never ends says so with the last second of the year 9999.
const begin = '20000101000000Z';
const end = '99991231235959Z';

/** One element of DER: its tag, its length, its content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const digits = length.subarray(length.findIndex((byte) => byte > 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
}

const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));

/** A self-signed X.509 certificate (RFC 5280) for a pair of RSA keys, as PEM. */
export function selfSigned(publicKey: KeyObject, privateKey: KeyObject): string {
  const sha256WithRsa = der(sequence, objectId('2a864886f70d01010b'), der(0x05));
  const name = der(sequence, der(set, der(sequence, objectId('550403'), text(0x0c, subject))));
  const toSign = der(
    sequence,
    der(0x02, Buffer.from([1])), // serial number
    sha256WithRsa,
    name,
    der(sequence, text(0x18, begin), text(0x18, end)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', toSign, privateKey)]);
  const certificate = der(sequence, toSign, sha256WithRsa, der(0x03, signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
