import { expect, test } from '@jest/globals';
import { CreateOrder, Outputs } from '@spillway/contracts';
import { MOST_WARNINGS } from '../domain/after-result.ts';
import { chunkPrefixesOf, type OrderState } from '../domain/order.ts';
import type { Step } from '../domain/reduce.ts';
import { acceptOrder, planOfChunks, succeeded } from '../testing/orders.ts';
import { result } from '../testing/steps.ts';
import { messagesOf } from './messages.ts';

/** SQS and SNS take no more, attributes included; RabbitMQ takes 16 MiB. */
const MOST_BYTES = { queue: 1024 * 1024, topic: 256 * 1024 };
/** `packages/media`: no plan has more. Of those that are not tried here, each adds a prefix to the package job. */
const MOST_CHUNKS = 2000;
const CHUNKS = 200;
const PREFIX_BYTES = 100;
const text = (length: number) => '€'.repeat(length);

/** The largest order that the API takes: every list as long as it may be, in characters of three bytes. */
const largest = CreateOrder.parse({
  source: { url: `https://a.example/${text(8192 - 18)}` },
  outputs: {
    renditions: Array.from({ length: 10 }, (_, n) => ({ lines: 144 + 2 * n, crf: 23.123456 })),
    captions: Array.from({ length: 20 }, (_, n) => ({
      url: `https://a.example/${text(8192 - 18)}`,
      language: `en-${'abcdefgh-'.repeat(3)}abc`,
      label: `${text(98)}${n + 10}`,
    })),
  },
  metadata: Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [`${n}`.padEnd(64), text(410)]),
  ),
});

/** All steps of the order, from the first to the last. */
function* lifeOf(accepted: Step): Generator<Step> {
  yield accepted;
  const plan = planOfChunks(CHUNKS);
  const jobs = [...accepted.jobs];
  let { state } = accepted;
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const told = succeeded(job, { plan });
    const outcome =
      'warnings' in told.outcome
        ? { ...told.outcome, warnings: [`${job.jobId} ${text(300)}`] }
        : told.outcome;
    const step = result(state, { ...told, outcome });
    state = step.state;
    jobs.push(...step.jobs);
    yield step;
  }
}

test('the largest order, in chunks that all warn, has no message that a broker refuses', () => {
  const outputs = Outputs.parse(largest.outputs);
  const accepted = acceptOrder({ source: largest.source, outputs, metadata: largest.metadata });
  const most = { queue: 0, topic: 0 };
  let last: OrderState = accepted.state;
  for (const step of lifeOf(accepted)) {
    last = step.state;
    for (const { destination, body, attributes } of messagesOf(step, { traceparent: '00-x' })) {
      const kind = destination.startsWith('queue:') ? 'queue' : 'topic';
      const bytes = Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes));
      most[kind] = Math.max(most[kind], bytes);
    }
  }
  expect(last).toMatchObject({ status: 'completed', warnings: { length: MOST_WARNINGS } });
  const [prefix = ''] = chunkPrefixesOf(last);
  expect(`"${prefix}1999",`.length).toBeLessThan(PREFIX_BYTES);
  const others = (MOST_CHUNKS - CHUNKS) * PREFIX_BYTES;
  expect(most.queue + others).toBeLessThan(MOST_BYTES.queue);
  expect(most.topic).toBeLessThan(MOST_BYTES.topic);
  // It is large indeed: the addresses of the captions alone are half a megabyte.
  expect(most.queue).toBeGreaterThan(500_000);
});

test('metadata of more than 64 KB is refused, however it is spelled', () => {
  const of = (value: string) => ({
    source: { url: 'https://a.example/b.mp4' },
    metadata: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`key ${n}`, value])),
  });
  expect(CreateOrder.safeParse(of(text(420))).success).toBe(true);
  expect(CreateOrder.safeParse(of(text(440))).success).toBe(false);
  // Six characters each in JSON.
  expect(CreateOrder.safeParse(of('\u0001'.repeat(300))).success).toBe(false);
});
