import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../src/index.ts';
import { Comparison, type Recording } from './snapshot.ts';
import {
  type Answer,
  type Message,
  type Params,
  type Protocol,
  request,
  type ServiceName,
} from './wire.ts';

/** What a scenario works with: a broker of its own, called over the protocol of the recording. */
export class Aws {
  readonly endpoint: string;
  readonly protocol: Protocol;
  readonly #comparison: Comparison;
  readonly #clock: Clock;
  #names = 0;

  constructor(endpoint: string, protocol: Protocol, comparison: Comparison, clock: Clock) {
    this.endpoint = endpoint;
    this.protocol = protocol;
    this.#comparison = comparison;
    this.#clock = clock;
  }

  /** Calls SQS over the scenario's protocol. @throws Error when it is refused */
  async sqs(action: string, params: Params, headers?: Record<string, string>): Promise<Answer> {
    return accepted(action, await this.call('sqs', this.protocol, action, params, headers));
  }

  /** Calls SQS, which has to refuse. */
  async sqsError(action: string, params: Params): Promise<Answer> {
    return refused(action, await this.call('sqs', this.protocol, action, params));
  }

  /** Calls SNS over the Query protocol, which the recordings used. @throws Error when it is refused */
  async sns(action: string, params: Params, headers?: Record<string, string>): Promise<Answer> {
    return accepted(action, await this.call('sns', 'query', action, params, headers));
  }

  /** Calls SNS, which has to refuse. */
  async snsError(action: string, params: Params): Promise<Answer> {
    return refused(action, await this.call('sns', 'query', action, params));
  }

  /** The same, but calls go to another address. */
  at(endpoint: string): Aws {
    return new Aws(endpoint, this.protocol, this.#comparison, this.#clock);
  }

  /** Any call; an error is an answer as others. */
  call(
    service: ServiceName,
    protocol: Protocol,
    action: string,
    params: Params,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    return request(this.endpoint, service, protocol, action, params, headers);
  }

  /** Creates a queue, named as given or by itself, and answers its URL. */
  async queue(attributes?: Record<string, string>, name?: string): Promise<string> {
    const suffix = attributes?.FifoQueue === 'true' ? '.fifo' : '';
    const params = { QueueName: name ?? this.name('queue', suffix), Attributes: attributes };
    const { QueueUrl } = await this.sqs('CreateQueue', params);
    if (QueueUrl === undefined) throw new Error('CreateQueue answered no QueueUrl');
    return QueueUrl;
  }

  /** Creates a FIFO queue and answers its URL. */
  fifoQueue(attributes: Record<string, string> = {}): Promise<string> {
    return this.queue({ FifoQueue: 'true', ...attributes });
  }

  send(QueueUrl: string, MessageBody: string, more: Params = {}): Promise<Answer> {
    return this.sqs('SendMessage', { QueueUrl, MessageBody, ...more });
  }

  receive(QueueUrl: string, more: Params = {}): Promise<Answer> {
    return this.sqs('ReceiveMessage', { QueueUrl, ...more });
  }

  delete(QueueUrl: string, { ReceiptHandle }: Message): Promise<Answer> {
    return this.sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
  }

  /** Receives one message, compares the answer, and deletes the message, so that its group is free. */
  async take(key: string, queueUrl: string): Promise<void> {
    const received = await this.receive(queueUrl);
    this.match(key, received);
    await this.delete(queueUrl, messageOf(received));
  }

  async queueArn(queueUrl: string): Promise<string> {
    const params = { QueueUrl: queueUrl, AttributeNames: ['QueueArn'] };
    return (await this.sqs('GetQueueAttributes', params)).Attributes?.QueueArn ?? '';
  }

  /** Creates a topic, named as given or by itself, and answers its ARN. */
  async topic(attributes?: Record<string, string>, name?: string): Promise<string> {
    const suffix = attributes?.FifoTopic === 'true' ? '.fifo' : '';
    const params = { Name: name ?? this.name('topic', suffix), Attributes: attributes };
    const { TopicArn } = await this.sns('CreateTopic', params);
    if (TopicArn === undefined) throw new Error('CreateTopic answered no TopicArn');
    return TopicArn;
  }

  /** A name that was not used yet in the scenario. */
  name(kind: string, suffix = ''): string {
    this.#names += 1;
    return `${kind}-${this.#names}-of-replay${suffix}`;
  }

  /**
   * Compares an answer with the one recorded under the key. Of a field named in `varying` only the presence
   * counts: its value depends on the run, though the recording has no placeholder for it.
   * @throws Error with every difference
   */
  match(key: string, answer: unknown, varying: string[] = []): void {
    this.#comparison.match(key, answer, varying);
  }

  /** Moves the broker's clock, which stands still otherwise. A long poll waits by the machine's clock. */
  advance(seconds: number): void {
    this.#clock.now += seconds * 1000;
  }
}

interface Clock {
  /** Milliseconds since 1970. */
  now: number;
}

/** The message that an answer to ReceiveMessage has at a place. @throws Error when it has none there */
export function messageOf(answer: Answer, index = 0): Message {
  const message = answer.Messages?.[index];
  if (!message) throw new Error(`no message ${index} was received: ${JSON.stringify(answer)}`);
  return message;
}

function accepted(action: string, answer: Answer): Answer {
  if (answer.Error) throw new Error(`${action} was refused: ${JSON.stringify(answer.Error)}`);
  return answer;
}

function refused(action: string, answer: Answer): Answer {
  if (!answer.Error) throw new Error(`${action} was not refused: ${JSON.stringify(answer)}`);
  return answer;
}

/** Calls what was called when the answers were recorded, and compares them. */
export type Scenario = (aws: Aws) => Promise<void>;

/** The scenarios that can be replayed, by the recorded name. */
export const scenarios = new Map<string, Scenario>();

/** Tells how to replay the recorded scenario of this name. */
export function scenario(name: string, replay: Scenario): void {
  if (scenarios.has(name)) throw new Error(`scenario '${name}' is told twice`);
  scenarios.set(name, replay);
}

/** Tells how to replay a scenario that was recorded over both protocols of SQS, for one value of its parameter. */
export function onBothProtocols(name: string, replay: Scenario, parameter?: string): void {
  const ending = parameter === undefined ? '' : `-${parameter}`;
  for (const protocol of ['sqs', 'sqs_query']) scenario(`${name}[${protocol}${ending}]`, replay);
}

/**
 * Replays a scenario against a broker of its own.
 * @throws Error when an answer differs from the recorded one, or a recorded one was not compared
 */
export async function replay(name: string, run: Scenario, recording: Recording): Promise<void> {
  const clock: Clock = { now: Date.now() };
  const dataDir = await mkdtemp(join(tmpdir(), 'spillway-recordings-'));
  const broker = await startBroker({
    dataDir,
    sync: 'off',
    cooldowns: true,
    now: () => clock.now,
  });
  try {
    const protocol = name.includes('[sqs_query') ? 'query' : 'json';
    const comparison = new Comparison(recording);
    await run(new Aws(broker.url, protocol, comparison, clock));
    comparison.finish();
  } finally {
    await broker.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
