import { Connection } from './connection.ts';

/**
 * Milliseconds from a message's send to its receipt by a long poll that waited for it, at a steady
 * rate. The receiver deletes each message, as a worker would, before it polls again.
 */
export async function latencies(
  url: string,
  queueUrl: string,
  messagesPerSecond: number,
  seconds: number,
): Promise<number[]> {
  const sender = await Connection.open(url);
  const receivers = await Promise.all([Connection.open(url), Connection.open(url)]);
  const total = messagesPerSecond * seconds;
  const measured: number[] = [];
  const receive = async (connection: Connection): Promise<void> => {
    const poll = JSON.stringify({ QueueUrl: queueUrl, WaitTimeSeconds: 1 });
    while (measured.length < total) {
      const { Messages = [] } = JSON.parse(await connection.call('ReceiveMessage', poll));
      for (const { Body, ReceiptHandle } of Messages) {
        measured.push(performance.now() - Number(Body));
        const removal = JSON.stringify({ QueueUrl: queueUrl, ReceiptHandle });
        await connection.call('DeleteMessage', removal);
      }
    }
  };
  const receiving = Promise.all(receivers.map(receive));
  const start = performance.now();
  for (let sent = 0; sent < total; sent += 1) {
    const due = start + (sent * 1000) / messagesPerSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const MessageBody = String(performance.now());
    await sender.call('SendMessage', JSON.stringify({ QueueUrl: queueUrl, MessageBody }));
  }
  await receiving;
  for (const connection of [sender, ...receivers]) connection.close();
  return measured;
}
