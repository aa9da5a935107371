import { queueDoesNotExist } from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';
import type { Engine } from '../queue/engine.ts';
import type { Queue } from '../queue/queue.ts';
import type { Signer } from '../sns/signer.ts';
import type { Topics } from '../sns/topics.ts';
import type { FifoLimits } from './fifo-limits.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { ReceiveAttempts } from './receive-attempts.ts';

/** The one account: nothing is authenticated. */
export const accountId = '000000000000';

/** What an action works with. */
export interface ActionContext {
  engine: Engine;
  topics: Topics;
  signer: Signer;
  moveTasks: MoveTasks;
  receiveAttempts: ReceiveAttempts;
  /** As the client reached us, e.g. `http://broker:9324`: queue URLs begin with it. */
  baseUrl: string;
  region: string;
  protocol: 'json' | 'query';
  /** The request's X-Amzn-Trace-Id: kept with the messages that it sends or publishes. */
  trace: string | undefined;
  /** AWS's rules of 60 s between purges, and before a deleted name is used again. */
  cooldowns: boolean;
  /** AWS's quotas of FIFO queues, when they are enforced. */
  fifoLimits: FifoLimits | undefined;
  /** Calls back when the client has gone or was answered: a long poll ends. */
  onGone: (gone: () => void) => void;
}

/** One action: parameters in, answer out. A long poll answers later. */
export type Action = (input: Input, context: ActionContext) => object | Promise<object>;

export function queueUrl(context: ActionContext, queue: Queue): string {
  return `${context.baseUrl}/${accountId}/${queue.name}`;
}

/** The queue a request is for. Only the name in the URL counts: hosts differ inside and outside of containers. */
export function queueOf(input: Input, { engine }: ActionContext): Queue {
  const url = input.required('QueueUrl');
  const queue = engine.queues.get(url.slice(url.lastIndexOf('/') + 1));
  if (!queue) throw queueDoesNotExist();
  return queue;
}
