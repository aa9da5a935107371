import { DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { MessagingError } from '../../port.ts';
import { isLateAnswer, isRejectedEntry } from './errors.ts';

const MOST_ENTRIES = 10;

interface Waiting {
  readonly receipt: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Deletes messages of one queue. While one request is under way further ones gather and go
 * together, so a flood of short jobs costs few round trips and a single one never waits.
 */
export class Deletes {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  delete(receipt: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ receipt, resolve, reject });
      if (!this.#sending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#sending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_ENTRIES);
      try {
        await this.#sendBatch(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#sending = false;
  }

  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    const Entries = batch.map(({ receipt }, index) => ({
      Id: String(index),
      ReceiptHandle: receipt,
    }));
    const { Failed = [] } = await this.#sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }),
    );
    const failures = new Map(Failed.map((failure) => [failure.Id, failure]));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const failure = failures.get(String(index));
      const { Code = '', Message = Code } = failure ?? {};
      if (!failure || isLateAnswer(Code, Message)) {
        resolve();
        continue;
      }
      const code = isRejectedEntry(failure) ? 'rejected' : 'unavailable';
      reject(new MessagingError(code, `The broker did not delete a message: ${Message}`));
    }
  }
}
