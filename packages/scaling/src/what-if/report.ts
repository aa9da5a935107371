import { corePerSecond, type Prices } from './prices.ts';
import type { Answer, Question, Row } from './what-if.ts';

/** What a worker has for each core, on ecs/ and here. */
export const MEMORY_GIB_PER_CORE = 2;

const WIDTHS = [28, 10, 11, 11, 9, 11, 11, 10] as const;
const HEAD = ['', 'done in', 'p50 wait', 'p95 wait', 'workers', 'core-hours', 'cost', 'work lost'];

/** A table of the alternatives, and where its figures come from. */
export function report(question: Question, answer: Answer, prices: Prices): string {
  const { orders, minutes, videoSeconds, height, framesPerSecond, platform } = question;
  const { renditions, jobs, coreSeconds } = answer.work;
  const perCore = corePerSecond(prices, platform.name, MEMORY_GIB_PER_CORE);
  const cells = (row: Row) => [
    row.scaler,
    duration(row.makespanSeconds),
    duration(row.waitSeconds.p50),
    duration(row.waitSeconds.p95),
    String(row.mostWorkers),
    (row.billedCoreSeconds / 3600).toFixed(1),
    money(row.billedCoreSeconds * perCore),
    `${((100 * row.lostSeconds) / row.workedSeconds).toFixed(1)} %`,
  ];
  const [ours] = answer.rows;
  const cost = ours ? ours.billedCoreSeconds * perCore : 0;
  const videoHours = (orders * videoSeconds) / 3600;
  const measured = question.orderSeconds !== null;
  return `
${orders} orders within ${minutes} min, each ${videoSeconds} s of ${height}p at ${framesPerSecond} frames a second, on ${platform.name}:
at most ${question.maxWorkers} workers of ${question.cores} cores, a job should wait for ${question.waitTargetSeconds} s at most.

An order is ${coreSeconds.toFixed(0)} core-seconds (${renditions.join(', ')}) in ${jobs} ${jobs === 1 ? 'job' : 'jobs'}; all of them ${((orders * coreSeconds) / 3600).toFixed(1)} core-hours.

${[HEAD, ...answer.rows.map(cells)].map(line).join('\n')}

On Spillway ${money(cost / orders)} an order, ${money(cost / videoHours)} an hour of video. Workers only: API, database, storage and traffic come on top.

- Work: ${measured ? 'as you measured it' : `the encoder's first guess for such a source, about twice what the project's test machine needs; --order-core-seconds says what you measured`}. Contents vary by 30 %.
- Time and cost: simulated (${prices.region}, ${prices.currency}, prices of ${prices.date}: ${prices.sources[platform.name] ?? 'your file'}), ${MEMORY_GIB_PER_CORE} GiB a core; the mean of three floods.
- Starts on ${platform.name}: usually ${platform.usualStartSeconds} s, paid for; at least ${platform.minimumSeconds} s a worker.${platform.reclaimsPerHour > 0 ? ` Reclaims: ${100 * platform.reclaimsPerHour} % of the workers an hour.` : ''}
- A wait is a job's, from its arrival to its end without its work.
`;
}

const line = (cells: readonly string[]) =>
  cells
    .map((cell, index) =>
      index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? 10),
    )
    .join('')
    .trimEnd();

function duration(seconds: number): string {
  if (seconds < 99.5) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

const money = (dollars: number) =>
  dollars < 1 ? `$${dollars.toPrecision(2)}` : `$${dollars.toFixed(2)}`;
