import { invalidAttributeName, invalidAttributeValue } from '../protocol/errors.ts';
import { isPolicy } from '../protocol/policy.ts';
import type { Queue } from '../queue/queue.ts';
import { attributeDefaults } from '../queue/settings.ts';

type Attributes = Record<string, string>;
type Check = (value: string) => string;

function integer(name: string, from: number, to: number): Check {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isInteger(number) || number < from || number > to) {
      throw invalidAttributeValue(name);
    }
    return String(number);
  };
}

function oneOf(name: string, ...values: string[]): Check {
  return (value) => {
    const found = values.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (found === undefined) throw invalidAttributeValue(name);
    return found;
  };
}

function json(name: string, normalize: (parsed: Record<string, unknown>) => unknown): Check {
  return (value) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      throw invalidAttributeValue(name, 'Not valid JSON.');
    }
    if (typeof parsed !== 'object' || parsed === null) throw invalidAttributeValue(name);
    return JSON.stringify(normalize(parsed as Record<string, unknown>));
  };
}

function redrivePolicy(policy: Record<string, unknown>): unknown {
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || maxReceiveCount === undefined) {
    throw invalidAttributeValue(
      'RedrivePolicy',
      'Redrive policy must contain deadLetterTargetArn and maxReceiveCount.',
    );
  }
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw invalidAttributeValue(
      'RedrivePolicy',
      'Invalid value for maxReceiveCount: it must be between 1 and 1000.',
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function redriveAllowPolicy(policy: Record<string, unknown>): unknown {
  const { redrivePermission, sourceQueueArns } = policy;
  const known = ['allowAll', 'denyAll', 'byQueue'].includes(String(redrivePermission));
  const listed = Array.isArray(sourceQueueArns);
  if (!known || listed !== (redrivePermission === 'byQueue')) {
    throw invalidAttributeValue('RedriveAllowPolicy');
  }
  if (listed && sourceQueueArns.length > 10) throw invalidAttributeValue('RedriveAllowPolicy');
  return policy;
}

function accessPolicy(policy: Record<string, unknown>): unknown {
  if (!isPolicy(policy)) throw invalidAttributeValue('Policy');
  return policy;
}

const asGiven: Check = (value) => value;

const checks: Record<string, Check> = {
  VisibilityTimeout: integer('VisibilityTimeout', 0, 43_200),
  DelaySeconds: integer('DelaySeconds', 0, 900),
  MessageRetentionPeriod: integer('MessageRetentionPeriod', 60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: integer('ReceiveMessageWaitTimeSeconds', 0, 20),
  MaximumMessageSize: integer('MaximumMessageSize', 1024, 1_048_576),
  KmsDataKeyReusePeriodSeconds: integer('KmsDataKeyReusePeriodSeconds', 60, 86_400),
  KmsMasterKeyId: asGiven,
  SqsManagedSseEnabled: oneOf('SqsManagedSseEnabled', 'true', 'false'),
  Policy: json('Policy', accessPolicy),
  RedrivePolicy: json('RedrivePolicy', redrivePolicy),
  RedriveAllowPolicy: json('RedriveAllowPolicy', redriveAllowPolicy),
};

const fifoChecks: Record<string, Check> = {
  FifoQueue: oneOf('FifoQueue', 'true', 'false'),
  ContentBasedDeduplication: oneOf('ContentBasedDeduplication', 'true', 'false'),
  DeduplicationScope: oneOf('DeduplicationScope', 'queue', 'messageGroup'),
  FifoThroughputLimit: oneOf('FifoThroughputLimit', 'perQueue', 'perMessageGroupId'),
};

const removable = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'];

/** AWS words two of the FIFO attributes on a standard queue in its own way. */
function fifoOnly(name: string): Error {
  return name === 'DeduplicationScope' || name === 'FifoThroughputLimit'
    ? invalidAttributeName(`You can specify the ${name} only when FifoQueue is set to true.`)
    : invalidAttributeName(`Unknown Attribute ${name}.`);
}

/**
 * Checks and normalizes attributes given to a queue; an empty value of a policy or key removes it.
 * @throws ServiceError InvalidAttributeName, InvalidAttributeValue
 */
export function checkAttributes(given: Attributes, fifo: boolean): Attributes {
  const checked: Attributes = {};
  for (const [name, value] of Object.entries(given)) {
    const ofFifo = Object.hasOwn(fifoChecks, name) ? fifoChecks[name] : undefined;
    if (!fifo && ofFifo) throw fifoOnly(name);
    const check = Object.hasOwn(checks, name) ? checks[name] : ofFifo;
    if (!check) throw invalidAttributeName(`Unknown Attribute ${name}.`);
    checked[name] = value === '' && removable.includes(name) ? '' : check(value);
  }
  if (checked.KmsMasterKeyId && checked.SqsManagedSseEnabled === 'true') {
    throw invalidAttributeName(
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  return checked;
}

/** What a queue keeps after attributes were set on it. */
export function mergeAttributes(kept: Attributes, set: Attributes): Attributes {
  const merged = { ...kept, ...set };
  if (set.KmsMasterKeyId) merged.SqsManagedSseEnabled = 'false';
  if (set.SqsManagedSseEnabled === 'true' || set.KmsMasterKeyId === '') {
    delete merged.KmsMasterKeyId;
    delete merged.KmsDataKeyReusePeriodSeconds;
  }
  for (const name of removable) if (merged[name] === '') delete merged[name];
  return merged;
}

/** A new queue's attributes: the defaults of AWS under what was given. */
export function initialAttributes(checked: Attributes, fifo: boolean): Attributes {
  const standard = { ...attributeDefaults, SqsManagedSseEnabled: 'true' };
  const ofFifo = {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
    FifoThroughputLimit: 'perQueue',
  };
  return mergeAttributes(fifo ? { ...standard, ...ofFifo } : standard, checked);
}

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000));

/** Every attribute of a queue as GetQueueAttributes returns it. */
export function describeQueue(queue: Queue, arn: string): Attributes {
  const { attributes, createdAt, modifiedAt } = queue.document;
  return {
    ...attributes,
    QueueArn: arn,
    CreatedTimestamp: seconds(createdAt),
    LastModifiedTimestamp: seconds(modifiedAt),
    ApproximateNumberOfMessages: String(queue.waiting),
    ApproximateNumberOfMessagesNotVisible: String(queue.inFlight),
    ApproximateNumberOfMessagesDelayed: String(queue.delayed),
  };
}

const describable = new Set([
  ...Object.keys(checks),
  ...Object.keys(fifoChecks),
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]);

/** The attributes that were asked for. @throws ServiceError InvalidAttributeName */
export function selectQueueAttributes(all: Attributes, wanted: readonly string[]): Attributes {
  const unknown = wanted.find((name) => name !== 'All' && !describable.has(name));
  if (unknown !== undefined) throw invalidAttributeName(`Unknown Attribute ${unknown}.`);
  if (wanted.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
}
