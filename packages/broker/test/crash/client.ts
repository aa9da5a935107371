import { Agent, request } from 'node:http';

/** A refusal by the broker, as opposed to a connection that died with it. */
export class Refused extends Error {}

export interface Received {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  Attributes: Record<string, string>;
}

/** A small client of the JSON protocol; a call fails when the broker dies under it. */
export class Client {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(url: string) {
    this.#url = url;
  }

  call<T = Record<string, string>>(action: string, input: object): Promise<T> {
    const body = JSON.stringify(input);
    const headers = {
      'X-Amz-Target': `AmazonSQS.${action}`,
      'Content-Type': 'application/x-amz-json-1.0',
      'Content-Length': Buffer.byteLength(body),
    };
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('error', reject);
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Refused(`${action}: ${answer.statusCode} ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  queueUrl(name: string): string {
    return `${this.#url}/000000000000/${name}`;
  }

  async receive(name: string, wait = 0, max = 10): Promise<Received[]> {
    const { Messages } = await this.call<{ Messages?: Received[] }>('ReceiveMessage', {
      QueueUrl: this.queueUrl(name),
      MaxNumberOfMessages: max,
      WaitTimeSeconds: wait,
      MessageSystemAttributeNames: ['All'],
    });
    return Messages ?? [];
  }

  close(): void {
    this.#agent.destroy();
  }
}
