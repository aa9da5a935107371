// npm run bench -- amqp --url amqp://... [--runs N] [--seconds N]
// Publishing with confirms to one quorum queue, 16 producers: the driver, and amqplib alone doing the same, in turn.
import { parseArgs } from 'node:util';
import { withAmqplib, withDriver } from './amqp/producers.ts';
import type { BenchResult } from './run.ts';
import { median, round } from './support/statistics.ts';

export default async function amqp(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      runs: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
    },
  });
  if (!values.url) throw new Error('--url amqp://... of a RabbitMQ is needed');
  const [url, seconds] = [values.url, Number(values.seconds)];
  const driver: number[] = [];
  const alone: number[] = [];
  await withAmqplib(url, 1);
  await withDriver(url, 1);
  for (let run = 0; run < Number(values.runs); run++) {
    // By turns: the first of a pair meets a broker that has just rested.
    const both = [
      async () => driver.push(await withDriver(url, seconds)),
      async () => alone.push(await withAmqplib(url, seconds)),
    ];
    for (const measure of run % 2 === 0 ? both : both.reverse()) await measure();
  }
  const [value, baseline] = [median(driver), median(alone)];
  return {
    name: 'amqp',
    measures: [
      {
        measure: 'publish with confirms, 16 producers, against amqplib alone',
        value: round(value),
        unit: '1/s',
        baseline: round(baseline),
        bar: 'ratio >= 0.9',
        ok: value >= 0.9 * baseline,
      },
    ],
  };
}
