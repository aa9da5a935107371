import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Broker, type BrokerEvent, type BrokerOptions, startBroker } from '../src/index.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** A broker on a folder of its own, with the clients of AWS, and a clock that the test moves. */
export class Harness {
  readonly dataDir: string;
  readonly events: BrokerEvent[] = [];
  broker!: Broker;
  sqs!: SQSClient;
  sns!: SNSClient;
  #time = Date.now();

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  static async start(options: Partial<BrokerOptions> = {}): Promise<Harness> {
    const harness = new Harness(await mkdtemp(join(tmpdir(), 'spillway-broker-')));
    await harness.open(options);
    return harness;
  }

  async open(options: Partial<BrokerOptions> = {}): Promise<void> {
    this.broker = await startBroker({
      dataDir: this.dataDir,
      now: () => this.#time,
      log: (event) => this.events.push(event),
      ...options,
    });
    const endpoint = this.broker.url;
    this.sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    this.sns = new SNSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  }

  advance(seconds: number): void {
    this.#time += seconds * 1000;
  }

  async close(): Promise<void> {
    this.sqs.destroy();
    this.sns.destroy();
    await this.broker.close();
  }

  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** One raw request of the JSON protocol. */
  async json(
    action: string,
    body: object,
    service = 'AmazonSQS',
    headers: Record<string, string> = {},
  ) {
    const response = await fetch(this.broker.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `${service}.${action}`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      queryError: response.headers.get('x-amzn-query-error'),
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  /** One raw request of the Query protocol. */
  async query(params: Record<string, string>, path = '/') {
    const response = await fetch(this.broker.url + path, {
      method: 'POST',
      body: new URLSearchParams(params),
    });
    return { status: response.status, xml: await response.text() };
  }
}
