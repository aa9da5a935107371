import { invalidParameter, invalidValue, resourceNotFound } from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';
import type { MoveTask } from '../queue/move-task.ts';
import type { Queue } from '../queue/queue.ts';
import type { Action, ActionContext } from './context.ts';
import { deadLetterSources } from './dead-letters.ts';

const maxRate = 500;

function missing(parameter: string): Error {
  return resourceNotFound(
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  );
}

function sourceOf(input: Input, { engine }: ActionContext): Queue {
  const queue = engine.queues.byArn(input.required('SourceArn'));
  if (!queue) throw missing('SourceArn');
  return queue;
}

const encodeHandle = ({ id, source }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn: source })).toString('base64');

function decodeHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString());
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // falls through: not one of our handles
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}

export const startMessageMoveTask: Action = (input, context) => {
  const { engine, moveTasks } = context;
  const source = sourceOf(input, context);
  const sourceArn = engine.queues.arnOf(source);
  if (deadLetterSources(engine, sourceArn).length === 0) {
    throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
  }
  const destination = input.text('DestinationArn');
  const target = destination === undefined ? source : engine.queues.byArn(destination);
  if (!target) throw missing('DestinationArn');
  if (destination === sourceArn) {
    throw invalidParameter('The source queue and the destination queue must not be the same.');
  }
  if (target.fifo !== source.fifo) {
    throw invalidParameter('The source queue and the destination queue must be of the same type.');
  }
  const rate = input.integer('MaxNumberOfMessagesPerSecond');
  if (rate !== undefined && (rate < 1 || rate > maxRate)) {
    throw invalidValue(rate, 'MaxNumberOfMessagesPerSecond', `Must be between 1 and ${maxRate}.`);
  }
  if (moveTasks.of(sourceArn).some(({ status }) => status === 'RUNNING')) {
    throw invalidParameter(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  }
  return { TaskHandle: encodeHandle(moveTasks.start(source, destination, rate)) };
};

export const cancelMessageMoveTask: Action = (input, { engine, moveTasks }) => {
  const { taskId, sourceArn } = decodeHandle(input.required('TaskHandle'));
  if (!engine.queues.byArn(sourceArn)) throw missing('SourceArn');
  const task = moveTasks.get(taskId);
  if (task?.status !== 'RUNNING') throw resourceNotFound('Task does not exist.');
  moveTasks.cancel(task);
  return { ApproximateNumberOfMessagesMoved: task.moved };
};

export const listMessageMoveTasks: Action = (input, context) => {
  const source = context.engine.queues.arnOf(sourceOf(input, context));
  const max = input.integer('MaxResults') ?? 1;
  if (max < 1 || max > 10) throw invalidValue(max, 'MaxResults', 'Must be between 1 and 10.');
  const tasks = context.moveTasks.of(source).slice(0, max);
  return tasks.length > 0 ? { Results: tasks.map(describe) } : {};
};

function describe(task: MoveTask): object {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: encodeHandle(task) }),
    Status: task.status,
    SourceArn: task.source,
    ...(task.destination !== undefined && { DestinationArn: task.destination }),
    ...(task.rate !== undefined && { MaxNumberOfMessagesPerSecond: task.rate }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}
