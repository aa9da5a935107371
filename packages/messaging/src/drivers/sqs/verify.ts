import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { QueueSpec, Topology } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import { deadLetterQueueOf } from '../../port.ts';
import type { Addresses } from './addresses.ts';
import type { Clients } from './clients.ts';
import { translate } from './errors.ts';
import { changed, queueAttributes } from './queue-attributes.ts';

export interface VerifyParts {
  readonly clients: Clients;
  readonly addresses: Addresses;
  readonly log: Logger;
}

/**
 * Of queues and topics that a template made: throws `MessagingError` (`not_found`) for one that is
 * missing. One that is set otherwise than this version wants it works, and is told in the log: during
 * an upgrade the template is ahead of the programs, or behind them. Subscriptions are the template's alone.
 */
export async function verifyTopology(parts: VerifyParts, topology: Topology): Promise<void> {
  await Promise.all([
    ...topology.queues.map((queue) => verifyQueue(parts, queue)),
    ...topology.topics.map(({ name }) => parts.addresses.topic(name)),
  ]);
}

async function verifyQueue(parts: VerifyParts, spec: QueueSpec): Promise<void> {
  const deadLetters = await attributesOf(parts, deadLetterQueueOf(spec.name));
  const now = await attributesOf(parts, spec.name);
  const different = changed(now, {
    ...queueAttributes(spec, deadLetters.QueueArn ?? ''),
    // One that is not would lose the order without a word.
    ...(spec.ordered && { FifoQueue: 'true' }),
  });
  for (const [attribute, wanted] of Object.entries(different)) {
    const details = { queue: spec.name, attribute, is: now[attribute], wanted };
    parts.log.warn(details, 'a queue is not set as this version wants it');
  }
}

async function attributesOf(
  { clients, addresses }: VerifyParts,
  name: string,
): Promise<Record<string, string>> {
  const { url: QueueUrl } = await addresses.queue(name);
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const { Attributes = {} } = await clients.sqs.send(command).catch((error: unknown) => {
    throw translate(error, `read the settings of ${name}`);
  });
  return Attributes;
}
