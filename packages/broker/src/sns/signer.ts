import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { Documents } from '../queue/documents.ts';
import { selfSigned } from './certificate.ts';

/** The key as it is kept. */
interface Kept {
  id: string;
  privateKey: string;
}

const key = 'signer/key';

/**
 * Signs notifications as SNS does, so that a receiver's check of the signature works here too. The key
 * is of this data folder alone, made when the first notification needs it (about 0.2 s, once).
 */
export class Signer {
  readonly #documents: Documents;
  readonly #id: string;
  #privateKey: KeyObject | undefined;

  constructor(documents: Documents) {
    this.#documents = documents;
    const [kept] = documents.under<Kept>(key);
    this.#id = kept?.id ?? randomBytes(16).toString('hex');
    if (kept) this.#privateKey = createPrivateKey(kept.privateKey);
  }

  /** Path of the page that shows the certificate; another key has another one. */
  get certificatePath(): string {
    return `/SimpleNotificationService-${this.#id}.pem`;
  }

  /** The certificate to check signatures with, as PEM. */
  certificate(): string {
    const privateKey = this.#key();
    return selfSigned(createPublicKey(privateKey), privateKey);
  }

  /** Base64 of the signature; `version` as in the topic's SignatureVersion: 1 is SHA-1, 2 SHA-256. */
  sign(text: string, version: string): string {
    const digest = version === '2' ? 'sha256' : 'sha1';
    return sign(digest, Buffer.from(text), this.#key()).toString('base64');
  }

  #key(): KeyObject {
    if (!this.#privateKey) {
      this.#privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const privateKey = this.#privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      this.#documents.put(key, { id: this.#id, privateKey });
    }
    return this.#privateKey;
  }
}
