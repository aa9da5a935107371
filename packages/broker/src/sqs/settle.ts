import { invalidValue, missingParameter } from '../protocol/errors.ts';
import type { Input } from '../protocol/input.ts';
import type { Queue } from '../queue/queue.ts';
import { batchEntries, eachEntry } from './batch.ts';
import { type Action, type ActionContext, queueOf } from './context.ts';
import { decodeReceipt } from './receipt.ts';

const expired = 'The receipt handle has expired.';
const notAvailable = 'Message does not exist or is not available for visibility timeout change.';
const maxVisibilitySeconds = 43_200;

/** AWS: deleting twice succeeds; with an expired handle only in a standard queue. */
function deleteOne(input: Input, queue: Queue, { engine }: ActionContext): object {
  const handle = input.required('ReceiptHandle');
  if (engine.remove(queue, decodeReceipt(handle)) === 'expired') {
    throw invalidValue(handle, 'ReceiptHandle', expired);
  }
  return {};
}

function changeOne(input: Input, queue: Queue, { engine }: ActionContext): object {
  const handle = input.required('ReceiptHandle');
  const seconds = input.integer('VisibilityTimeout');
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  if (seconds < 0 || seconds > maxVisibilitySeconds) {
    const reason = `VisibilityTimeout must be an integer between 0 and ${maxVisibilitySeconds}`;
    throw invalidValue(seconds, 'VisibilityTimeout', reason);
  }
  const outcome = engine.changeVisibility(queue, decodeReceipt(handle), seconds * 1000);
  if (outcome === 'gone') throw invalidValue(handle, 'ReceiptHandle', notAvailable);
  if (outcome === 'expired') throw invalidValue(handle, 'ReceiptHandle', expired);
  return {};
}

export const deleteMessage: Action = (input, context) =>
  deleteOne(input, queueOf(input, context), context);

export const changeMessageVisibility: Action = (input, context) =>
  changeOne(input, queueOf(input, context), context);

export const deleteMessageBatch: Action = (input, context) => {
  const queue = queueOf(input, context);
  return eachEntry(batchEntries(input), (entry) => deleteOne(entry, queue, context));
};

export const changeMessageVisibilityBatch: Action = (input, context) => {
  const queue = queueOf(input, context);
  return eachEntry(batchEntries(input), (entry) => changeOne(entry, queue, context));
};
