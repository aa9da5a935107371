import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { JobError } from '@spillway/contracts';
import {
  backoffSeconds,
  type Egress,
  EgressRefused,
  type EgressResponse,
  EgressUnreachable,
} from '@spillway/runtime';
import type { Download, DownloadOptions } from '../app/ports.ts';
import { type Answer, checkResumed, type Resumable, readFirst } from '../domain/answer.ts';

/** Tries to take a broken transfer up again, without a byte between them. */
const MAX_RESUMES = 5;
const RESUME_BACKOFF = { firstSeconds: 0.5, maxSeconds: 8 };

export interface DownloadLimits {
  readonly maxBytes: number;
  readonly timeoutSeconds: number;
}

/** Fetches sources through the checked client; a transfer that breaks goes on where it was. */
export function downloader(egress: Egress, limits: DownloadLimits): Download {
  return (url, options) =>
    Readable.from(new Transfer(egress, url, limits, options).bytes(), { objectMode: false });
}

class Transfer {
  readonly #egress: Egress;
  readonly #url: string;
  readonly #limits: DownloadLimits;
  readonly #options: DownloadOptions;
  readonly #signal: AbortSignal;
  #source: Resumable | null = null;
  #received = 0;

  constructor(egress: Egress, url: string, limits: DownloadLimits, options: DownloadOptions) {
    this.#egress = egress;
    this.#url = url;
    this.#limits = limits;
    this.#options = options;
    const timeout = AbortSignal.timeout(limits.timeoutSeconds * 1000);
    this.#signal = AbortSignal.any([options.signal, timeout]);
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    for (let failures = 0; ; ) {
      const before = this.#received;
      try {
        yield* this.#rest();
        return;
      } catch (thrown) {
        const error = this.#translate(thrown);
        failures = this.#received > before ? 1 : failures + 1;
        if (!this.#mayResume(error) || failures > MAX_RESUMES) throw error;
        // An abort ends the wait; the request that follows then says why.
        const pause = backoffSeconds(RESUME_BACKOFF, failures) * 1000;
        await wait(pause, undefined, { signal: this.#signal }).catch(() => {});
      }
    }
  }

  /** From the first byte that is missing to the end. */
  async *#rest(): AsyncGenerator<Uint8Array> {
    const response = await this.#request();
    try {
      this.#accept(answerOf(response));
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        this.#received += chunk.length;
        this.#checkSize(this.#received);
        this.#options.onBytes(this.#received, this.#source?.totalBytes ?? null);
        yield chunk;
      }
    } finally {
      response.body.destroy();
    }
    const total = this.#source?.totalBytes ?? null;
    if (total !== null && this.#received < total) throw new EgressUnreachable('It ended early.');
  }

  async #request(): Promise<EgressResponse> {
    const validator = this.#source?.validator;
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (this.#source && validator) {
      headers.range = `bytes=${this.#received}-`;
      headers['if-range'] = validator;
    }
    return await this.#egress.fetch(this.#url, { headers, signal: this.#signal });
  }

  #accept(answer: Answer): void {
    if (this.#source) {
      checkResumed(answer, this.#source, this.#received);
    } else {
      const source = readFirst(answer);
      this.#checkSize(source.totalBytes ?? 0);
      this.#source = source;
    }
  }

  #checkSize(bytes: number): void {
    const maxBytes = Math.min(
      this.#limits.maxBytes,
      this.#options.maxBytes ?? Number.POSITIVE_INFINITY,
    );
    if (bytes <= maxBytes) return;
    throw new JobError(
      'source_too_large',
      `The source has more than the ${maxBytes} bytes allowed.`,
    );
  }

  #mayResume(error: unknown): boolean {
    const passing = error instanceof JobError && error.code === 'source_unreachable';
    return passing && Boolean(this.#source?.validator) && !this.#signal.aborted;
  }

  #translate(error: unknown): unknown {
    if (this.#options.signal.aborted) return this.#options.signal.reason;
    const cause = { cause: error };
    if (this.#signal.aborted) {
      const limit = `${this.#limits.timeoutSeconds} seconds`;
      return new JobError('source_unreachable', `Fetching the source took over ${limit}.`, cause);
    }
    if (error instanceof JobError) return error;
    const sentence = error instanceof Error ? error.message : String(error);
    return error instanceof EgressRefused
      ? new JobError('source_not_allowed', `The source must not be fetched: ${sentence}`, cause)
      : new JobError('source_unreachable', `The source cannot be fetched: ${sentence}`, cause);
  }
}

function answerOf({ status, headers }: EgressResponse): Answer {
  return {
    status,
    contentLength: headers['content-length'],
    contentRange: headers['content-range'],
    etag: headers.etag,
    lastModified: headers['last-modified'],
  } satisfies Record<keyof Answer, IncomingHttpHeaders[string] | number>;
}
