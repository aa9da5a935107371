import type {
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import type { Clients } from './clients.ts';
import { Deletes } from './deletes.ts';
import { sendAll } from './send.ts';

type Failures = Record<string, { Code: string; Message: string; SenderFault: boolean }>;

/** An SQS that answers each batch when told to, with the failures given by body or receipt. */
function fakeSqs(failing: (what: string, request: number) => Failures[string] | undefined) {
  const requests: string[][] = [];
  const send = async (command: DeleteMessageBatchCommand | SendMessageBatchCommand) => {
    const { Entries = [] } = command.input;
    const what = Entries.map((entry) =>
      'ReceiptHandle' in entry ? (entry.ReceiptHandle ?? '') : (entry.MessageBody ?? ''),
    );
    requests.push(what);
    await new Promise(setImmediate);
    const Failed = Entries.flatMap(({ Id }, n) => {
      const failure = failing(what[n] ?? '', requests.length);
      return failure ? [{ Id, ...failure }] : [];
    });
    return Failed.length > 0 ? { Failed } : {};
  };
  return { requests, sqs: { send } as unknown as SQSClient };
}

const late = { Code: 'ReceiptHandleIsInvalid', Message: 'no such', SenderFault: true };
const internal = { Code: 'InternalError', Message: 'sorry', SenderFault: false };
const throttled = { Code: 'RequestThrottled', Message: 'slowly', SenderFault: true };
const invalid = { Code: 'InvalidMessageContents', Message: 'bad character', SenderFault: true };

test('acknowledgements that come while a request is under way go together', async () => {
  const { requests, sqs } = fakeSqs(() => undefined);
  const deletes = new Deletes(sqs, 'queue');
  const receipts = Array.from({ length: 14 }, (_, n) => `r${n}`);
  await Promise.all(receipts.map((receipt) => deletes.delete(receipt)));
  await deletes.delete('last');
  expect(requests.map(({ length }) => length)).toEqual([1, 10, 3, 1]);
  expect(requests.flat()).toEqual([...receipts, 'last']);
});

test('a failed acknowledgement fails alone, a late one not at all', async () => {
  const { sqs } = fakeSqs((what) => ({ late, internal })[what]);
  const deletes = new Deletes(sqs, 'queue');
  const ends = await Promise.allSettled(
    ['fine', 'late', 'internal', 'fine too'].map((receipt) => deletes.delete(receipt)),
  );
  expect(ends.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(ends[2]).toMatchObject({ reason: { name: 'MessagingError', code: 'unavailable' } });
});

const sendBodies = (sqs: SQSClient, ...bodies: string[]) =>
  sendAll(
    { sqs } as Clients,
    { url: 'queue', ordered: false },
    bodies.map((body) => ({ body })),
  );

test.each([
  ['fails inside', internal],
  ['throttles, which it calls our fault', throttled],
])('what a broker that %s did not take is sent again, and only that', async (_, failure) => {
  const { requests, sqs } = fakeSqs((what, request) =>
    what === 'unlucky' && request < 3 ? failure : undefined,
  );
  await sendBodies(sqs, 'a', 'unlucky', 'b');
  expect(requests).toEqual([['a', 'unlucky', 'b'], ['unlucky'], ['unlucky']]);
});

test('a message that is never taken is unavailable, one at fault is rejected at once', async () => {
  const never = fakeSqs(() => internal);
  await expect(sendBodies(never.sqs, 'x')).rejects.toMatchObject({ code: 'unavailable' });
  expect(never.requests).toHaveLength(4);
  const wrong = fakeSqs((what) => (what === 'wrong' ? invalid : undefined));
  await expect(sendBodies(wrong.sqs, 'fine', 'wrong')).rejects.toMatchObject({
    code: 'rejected',
    message: 'The broker refuses a message: bad character',
  });
  expect(wrong.requests).toHaveLength(1);
});
