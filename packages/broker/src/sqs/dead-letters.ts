import { invalidParameter } from '../protocol/errors.ts';
import { pageOf } from '../protocol/pages.ts';
import type { Engine } from '../queue/engine.ts';
import type { Queue } from '../queue/queue.ts';
import { type Action, queueOf, queueUrl } from './context.ts';

/** The queues whose dead letters go to the queue with this ARN. */
export function deadLetterSources(engine: Engine, arn: string): Queue[] {
  return [...engine.queues.all()].filter(({ settings }) => settings.redrive?.target === arn);
}

export const listDeadLetterSourceQueues: Action = (input, context) => {
  const { engine } = context;
  const sources = deadLetterSources(engine, engine.queues.arnOf(queueOf(input, context)));
  const max = input.integer('MaxResults');
  const { page, next } = pageOf(sources, ({ name }) => name, max, input.text('NextToken'));
  const queueUrls = page.map((queue) => queueUrl(context, queue));
  return { queueUrls, ...(next && max !== undefined && { NextToken: next }) };
};

/** Messages would go round for ever, within one receive even, when dead letters came back. */
function leadsTo(from: string, arn: string, { queues }: Engine): boolean {
  for (
    let next: string | undefined = from;
    next;
    next = queues.byArn(next)?.settings.redrive?.target
  ) {
    if (next === arn) return true;
  }
  return false;
}

/**
 * A queue may name another as its dead-letter queue when that exists, is of its kind, and allows it
 * (RedriveAllowPolicy). @throws ServiceError InvalidParameterValue
 */
export function checkRedrive(policy: string | undefined, sourceArn: string, engine: Engine): void {
  if (!policy) return;
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
  const refuse = (reason: string): Error =>
    invalidParameter(`Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  const target = engine.queues.byArn(deadLetterTargetArn);
  if (!target) throw refuse('Dead letter target does not exist.');
  if (target.fifo !== sourceArn.endsWith('.fifo')) {
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  }
  if (leadsTo(deadLetterTargetArn, sourceArn, engine)) {
    throw refuse('Dead-letter queues must not lead back to the queue itself.');
  }
  const allow = target.document.attributes.RedriveAllowPolicy;
  if (!allow) return;
  const { redrivePermission, sourceQueueArns = [] } = JSON.parse(allow);
  const allowed =
    redrivePermission === 'allowAll' ||
    (redrivePermission === 'byQueue' && sourceQueueArns.includes(sourceArn));
  if (!allowed)
    throw refuse('Source queue is not allowed by the RedriveAllowPolicy of the target.');
}
