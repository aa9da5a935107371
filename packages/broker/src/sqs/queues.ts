import {
  invalidParameter,
  invalidValue,
  queueDoesNotExist,
  ServiceError,
  sqsError,
} from '../protocol/errors.ts';
import { pageOf } from '../protocol/pages.ts';
import type { Queue } from '../queue/queue.ts';
import { type Action, type ActionContext, queueOf, queueUrl } from './context.ts';
import { checkRedrive } from './dead-letters.ts';
import {
  checkAttributes,
  describeQueue,
  initialAttributes,
  mergeAttributes,
  selectQueueAttributes,
} from './queue-attributes.ts';

const cooldownMilliseconds = 60_000;
const namePattern = /^[A-Za-z0-9_-]{1,80}$/;
const fifoNamePattern = /^(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo$/;

function checkName(name: string, fifo: boolean): void {
  if (fifo && !fifoNamePattern.test(name)) {
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  if (!fifo && !namePattern.test(name)) {
    throw invalidParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}

/** Creating a queue again is fine when no given attribute differs. */
function createAgain(queue: Queue, given: Record<string, string>): void {
  for (const [name, value] of Object.entries(given)) {
    if ((queue.document.attributes[name] ?? '') === value) continue;
    throw new ServiceError({
      code: 'QueueAlreadyExists',
      type: 'QueueNameExists',
      message: `A queue already exists with the same name and a different value for attribute ${name}`,
    });
  }
}

export const createQueue: Action = (input, context) => {
  const { engine } = context;
  const name = input.required('QueueName');
  const given = input.map('Attributes');
  const fifo = given.FifoQueue === 'true';
  if (!fifo && given.FifoQueue === 'false') {
    checkAttributes({ FifoQueue: given.FifoQueue }, name.endsWith('.fifo'));
  }
  checkName(name, fifo);
  const attributes = checkAttributes(given, fifo);
  const known = engine.queues.get(name);
  if (known) {
    createAgain(known, attributes);
    return { QueueUrl: queueUrl(context, known) };
  }
  checkNotDeletedRecently(name, context);
  checkRedrive(attributes.RedrivePolicy, engine.queues.arnFor(name), engine);
  const now = engine.now();
  const queue = engine.queues.save({
    number: engine.messages.takeSequence(),
    name,
    attributes: initialAttributes(attributes, fifo),
    tags: { ...input.map('tags'), ...input.map('Tags') },
    createdAt: now,
    modifiedAt: now,
  });
  return { QueueUrl: queueUrl(context, queue) };
};

function checkNotDeletedRecently(name: string, { engine, cooldowns }: ActionContext): void {
  const deletedAt = engine.deletedQueues.get(name);
  if (!cooldowns || deletedAt === undefined) return;
  if (engine.now() - deletedAt < cooldownMilliseconds) {
    throw sqsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  }
}

export const getQueueUrl: Action = (input, context) => {
  const queue = context.engine.queues.get(input.required('QueueName'));
  if (!queue) throw queueDoesNotExist();
  return { QueueUrl: queueUrl(context, queue) };
};

export const listQueues: Action = (input, context) => {
  const prefix = input.text('QueueNamePrefix') ?? '';
  const max = input.integer('MaxResults');
  if (max !== undefined && (max < 1 || max > 1000)) {
    throw invalidValue(max, 'MaxResults', 'Must be between 1 and 1000, if provided.');
  }
  const queues = [...context.engine.queues.all()].filter(({ name }) => name.startsWith(prefix));
  const { page, next } = pageOf(queues, ({ name }) => name, max, input.text('NextToken'));
  if (page.length === 0) return {};
  const urls = page.map((queue) => queueUrl(context, queue));
  return { QueueUrls: urls, ...(next && max !== undefined && { NextToken: next }) };
};

export const getQueueAttributes: Action = (input, context) => {
  const { engine } = context;
  const queue = queueOf(input, context);
  engine.advance();
  const all = describeQueue(queue, engine.queues.arnOf(queue));
  const attributes = selectQueueAttributes(all, input.texts('AttributeNames'));
  return Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
};

export const setQueueAttributes: Action = (input, context) => {
  const { engine } = context;
  const queue = queueOf(input, context);
  const set = checkAttributes(input.map('Attributes'), queue.fifo);
  if (set.FifoQueue === 'false') {
    throw new ServiceError({
      code: 'InvalidAttributeValue',
      message:
        'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    });
  }
  checkRedrive(set.RedrivePolicy, engine.queues.arnOf(queue), engine);
  const { document } = queue;
  const attributes = mergeAttributes(document.attributes, set);
  engine.queues.save({ ...document, attributes, modifiedAt: engine.now() });
  engine.wake(queue);
  return {};
};

export const deleteQueue: Action = (input, context) => {
  const { engine, cooldowns } = context;
  const queue = queueOf(input, context);
  engine.deleteQueue(queue);
  if (cooldowns) engine.deletedQueues.set(queue.name, engine.now());
  return {};
};

export const purgeQueue: Action = (input, context) => {
  const { engine, cooldowns } = context;
  const queue = queueOf(input, context);
  if (cooldowns && engine.now() - queue.purgedAt < cooldownMilliseconds) {
    throw sqsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      403,
    );
  }
  engine.purge(queue);
  return {};
};
