import type { Queue } from '../queue/queue.ts';
import type { ActionContext } from '../sqs/context.ts';
import type { AttributeValue, MessageAttributes } from '../sqs/message-attributes.ts';
import { send, sequenceText } from '../sqs/send.ts';
import type { Publication } from './publication.ts';
import type { Subscription, Topic } from './topics.ts';

/** A publication that was accepted, on its way to the subscriptions. */
export interface Notification {
  publication: Publication;
  topic: Topic;
  id: string;
  /** FIFO topics only. */
  sequence: number;
  dedupId: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Signatures by the text they cover: subscriptions mostly share one, and signing is slow. */
  signatures: Map<string, string>;
}

/** Puts a notification into the subscription's queue, or into its dead-letter queue. */
export function deliver(
  notification: Notification,
  subscription: Subscription,
  context: ActionContext,
): void {
  const { engine } = context;
  const { publication, topic, dedupId } = notification;
  const queue =
    engine.queues.byArn(subscription.endpoint) ??
    engine.queues.byArn(deadLetterArn(subscription) ?? '');
  if (!queue) return; // AWS: a deleted queue's messages are lost, unless the subscription has a DLQ
  const raw = subscription.attributes.RawMessageDelivery === 'true';
  const body = raw
    ? textFor(publication, subscription)
    : envelope(notification, subscription, context);
  send(engine, queue, {
    body,
    bytes: Buffer.byteLength(body),
    attributes: raw ? publication.attributes : undefined,
    systemAttributes: context.trace
      ? { AWSTraceHeader: { DataType: 'String', StringValue: context.trace } }
      : undefined,
    group: groupFor(publication, topic, queue),
    dedupId: queue.fifo ? dedupId : '',
    delay: queue.settings.delay,
  });
  engine.wake(queue);
}

/** AWS: the groups of a FIFO topic mean nothing to a standard queue; a standard topic hands them on. */
function groupFor({ group }: Publication, topic: Topic, queue: Queue): string {
  return topic.fifo && !queue.fifo ? '' : group;
}

function deadLetterArn(subscription: Subscription): string | undefined {
  const policy = subscription.attributes.RedrivePolicy;
  return policy ? JSON.parse(policy).deadLetterTargetArn : undefined;
}

function textFor({ message, byProtocol }: Publication, { protocol }: Subscription): string {
  if (!byProtocol) return message;
  const own = byProtocol[protocol];
  return typeof own === 'string' ? own : String(byProtocol.default);
}

function envelope(
  notification: Notification,
  subscription: Subscription,
  context: ActionContext,
): string {
  const { publication, topic, id, sequence, at } = notification;
  const { subject, attributes } = publication;
  const content = {
    Type: 'Notification',
    MessageId: id,
    ...(topic.fifo && { SequenceNumber: sequenceText(sequence) }),
    TopicArn: topic.arn,
    ...(subject !== undefined && { Subject: subject }),
    Message: textFor(publication, subscription),
    Timestamp: new Date(at).toISOString(),
  };
  return JSON.stringify({
    ...content,
    // AWS does not sign the notifications of FIFO topics.
    ...(!topic.fifo && signatureOf(content, notification, context)),
    UnsubscribeURL: `${context.baseUrl}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes && { MessageAttributes: envelopeAttributes(attributes) }),
  });
}

const signedFields = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];

/** The signed text is each of the fields that are there, with its name, in lines (SNS developer guide). */
function signatureOf(
  content: Record<string, string>,
  { topic, signatures }: Notification,
  { signer, baseUrl }: ActionContext,
): object {
  const text = signedFields
    .filter((name) => Object.hasOwn(content, name))
    .map((name) => `${name}\n${content[name]}\n`)
    .join('');
  const version = topic.attributes.SignatureVersion ?? '1';
  const signature = signatures.get(text) ?? signer.sign(text, version);
  signatures.set(text, signature);
  return {
    SignatureVersion: version,
    Signature: signature,
    SigningCertURL: `${baseUrl}${signer.certificatePath}`,
  };
}

function envelopeAttributes(attributes: MessageAttributes): object {
  const describe = ({ DataType, StringValue, BinaryValue }: AttributeValue) => ({
    Type: DataType,
    Value: BinaryValue ?? StringValue,
  });
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, describe(value)]),
  );
}
