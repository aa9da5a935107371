import { verify, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { MemoryLog } from '../../test/memory-log.ts';
import { Documents } from '../queue/documents.ts';
import { Signer } from './signer.ts';

const digests = { 1: 'sha1', 2: 'sha256' };

test.each(Object.entries(digests))('signature version %s holds with %s', (version, digest) => {
  const signer = new Signer(new Documents(new MemoryLog().journal));
  const signature = Buffer.from(signer.sign('a text', version), 'base64');
  const { publicKey } = new X509Certificate(signer.certificate());
  expect(verify(digest, Buffer.from('a text'), publicKey, signature)).toBe(true);
  expect(verify(digest, Buffer.from('another'), publicKey, signature)).toBe(false);
});

test('the certificate is signed by its own key and does not end', () => {
  const signer = new Signer(new Documents(new MemoryLog().journal));
  const certificate = new X509Certificate(signer.certificate());
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkIssued(certificate)).toBe(true);
  expect(new Date(certificate.validTo).getUTCFullYear()).toBe(9999);
});

test('the key is kept with its path', () => {
  const documents = new Documents(new MemoryLog().journal);
  const first = new Signer(documents);
  const signature = first.sign('a text', '2');
  const again = new Signer(documents);
  expect(again.certificatePath).toBe(first.certificatePath);
  expect(again.sign('a text', '2')).toBe(signature);
});
