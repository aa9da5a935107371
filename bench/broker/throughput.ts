import { Connection } from './connection.ts';

const queueName = 'bench';

/** Makes the queue and gives its URL. */
export async function createQueue(url: string, name = queueName): Promise<string> {
  const connection = await Connection.open(url);
  const answer = await connection.call('CreateQueue', JSON.stringify({ QueueName: name }));
  connection.close();
  return JSON.parse(answer).QueueUrl ?? `${url}/000000000000/${name}`;
}

/** Runs `work` over and over on every connection for `seconds`. @returns completions a second */
async function rate(
  url: string,
  connections: number,
  seconds: number,
  work: (connection: Connection) => Promise<number>,
): Promise<number> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  let done = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() < end) {
        const messages = await work(connection); // first awaited: `done +=` would read it before
        done += messages;
      }
    }),
  );
  const elapsed = (performance.now() - start) / 1000;
  for (const connection of open) connection.close();
  return done / elapsed;
}

/** Messages a second, one a request. */
export function sendRate(url: string, queueUrl: string, connections: number, seconds: number) {
  const body = JSON.stringify({ QueueUrl: queueUrl, MessageBody: 'x'.repeat(256) });
  return rate(url, connections, seconds, async (connection) => {
    await connection.call('SendMessage', body);
    return 1;
  });
}

/** Messages a second, ten a request. */
export function batchRate(url: string, queueUrl: string, connections: number, seconds: number) {
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    Id: String(index),
    MessageBody: 'x'.repeat(256),
  }));
  const body = JSON.stringify({ QueueUrl: queueUrl, Entries });
  return rate(url, connections, seconds, async (connection) => {
    await connection.call('SendMessageBatch', body);
    return 10;
  });
}

/** Pairs of ReceiveMessage and DeleteMessage a second, of messages that are there already. */
export function pairRate(url: string, queueUrl: string, connections: number, seconds: number) {
  const body = JSON.stringify({ QueueUrl: queueUrl, MaxNumberOfMessages: 1 });
  return rate(url, connections, seconds, async (connection) => {
    const { Messages } = JSON.parse(await connection.call('ReceiveMessage', body));
    if (!Messages?.[0]) throw new Error('the queue ran empty: fill it with more messages');
    const { ReceiptHandle } = Messages[0];
    await connection.call('DeleteMessage', JSON.stringify({ QueueUrl: queueUrl, ReceiptHandle }));
    return 1;
  });
}

/** Sends `count` messages of `bytes` each, ten a request. */
export async function fill(
  url: string,
  queueUrl: string,
  count: number,
  bytes = 256,
): Promise<void> {
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    Id: String(index),
    MessageBody: 'x'.repeat(bytes),
  }));
  const body = JSON.stringify({ QueueUrl: queueUrl, Entries });
  const open = await Promise.all(Array.from({ length: 16 }, () => Connection.open(url)));
  let left = count / 10;
  await Promise.all(
    open.map(async (connection) => {
      while (left > 0) {
        left -= 1;
        await connection.call('SendMessageBatch', body);
      }
    }),
  );
  for (const connection of open) connection.close();
}
