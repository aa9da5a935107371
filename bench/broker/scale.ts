import type { Measure } from '../run.ts';
import { round } from '../support/statistics.ts';
import { Connection } from './connection.ts';
import { processorSeconds, residentMegabytes } from './process.ts';
import { startTarget, type Target } from './targets.ts';
import { createQueue, fill, pairRate, sendRate } from './throughput.ts';

const waitingMessages = 1_000_000;

const atMost = (measure: string, value: number, unit: string, bar: number): Measure => ({
  measure,
  value: round(value),
  unit,
  baseline: null,
  bar: `<= ${bar} ${unit}`,
  ok: value <= bar,
});

function pidOf({ pid }: Target): number {
  if (pid === undefined) throw new Error('the broker has no process');
  return pid;
}

interface Rates {
  send: number;
  pairs: number;
}

/** Rates of a full queue, and of an empty one in the same process: only what is left differs. */
async function rates(target: Target, queueUrl: string, seconds: number): Promise<Rates> {
  const send = await sendRate(target.url, queueUrl, 16, seconds);
  return { send, pairs: await pairRate(target.url, queueUrl, 16, seconds) };
}

/** A million waiting messages of 1 KB: memory, restart after kill -9, and whether it gets slower. */
export async function millionMeasures(seconds: number): Promise<Measure[]> {
  let target = await startTarget('durable');
  const fullUrl = await createQueue(target.url, 'full');
  await fill(target.url, fullUrl, waitingMessages, 1024);
  const filled = residentMegabytes(pidOf(target));
  const { folder } = target;
  await target.kill();
  const start = performance.now();
  target = await startTarget('durable', folder);
  const restart = (performance.now() - start) / 1000;
  const recovered = residentMegabytes(pidOf(target));
  const emptyUrl = await createQueue(target.url, 'empty');
  const empty: Rates[] = [];
  const full: Rates[] = [];
  for (let run = 0; run < 3; run += 1) {
    empty.push(await rates(target, emptyUrl, seconds));
    full.push(await rates(target, fullUrl, seconds));
  }
  await target.stop();
  const best = (list: Rates[], of: keyof Rates) => Math.max(...list.map((one) => one[of]));
  return [
    atMost('1,000,000 waiting: resident memory', Math.max(filled, recovered), 'MB', 400),
    atMost('1,000,000 waiting: ready again after kill -9', restart, 's', 5),
    ...(['send', 'pairs'] as const).map((of): Measure => {
      const baseline = best(empty, of);
      const value = best(full, of);
      const ok = value >= 0.8 * baseline;
      const measure = `1,000,000 waiting: ${of} against an empty queue (best of 3)`;
      return { measure, value: round(value), unit: '1/s', baseline, bar: 'ratio >= 0.8', ok };
    }),
  ];
}

/** 10,000 queues and 1,000 long polls that nobody serves: what they cost while nothing happens. */
export async function idleMeasure(seconds: number): Promise<Measure> {
  const target = await startTarget('durable');
  const setup = await Promise.all(Array.from({ length: 16 }, () => Connection.open(target.url)));
  let made = 0;
  await Promise.all(
    setup.map(async (connection) => {
      while (made < 10_000) {
        made += 1;
        await connection.call('CreateQueue', JSON.stringify({ QueueName: `queue-${made}` }));
      }
    }),
  );
  const polls = await Promise.all(Array.from({ length: 1000 }, () => Connection.open(target.url)));
  for (const [index, connection] of polls.entries()) {
    const QueueUrl = `${target.url}/000000000000/queue-${(index % 10_000) + 1}`;
    const poll = JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 });
    connection.call('ReceiveMessage', poll).catch(() => undefined); // ends with the connection
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const before = processorSeconds(pidOf(target));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const used = ((processorSeconds(pidOf(target)) - before) / seconds) * 100;
  for (const connection of [...setup, ...polls]) connection.close();
  await target.stop();
  return atMost('10,000 queues, 1,000 waiting long polls: idle CPU', used, '%', 1);
}
