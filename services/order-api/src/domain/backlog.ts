import { type Backlog, encodeQueues, INGEST_JOBS, type JobGroup } from '@spillway/contracts';

type Lane = Backlog['waiting'];
type Depth = Pick<Backlog['queues'][number], 'inFlight' | 'delayed'>;

/** Jobs alike that have not ended, as the database knows them. */
export interface OpenJobs {
  /** Where they were sent. */
  readonly queue: string;
  /** A worker has told of them, and not long ago. */
  readonly running: boolean;
  readonly jobs: number;
  /** Of each; null where nothing is known. */
  readonly estimateSeconds: number | null;
  /** Since they were sent, or begun: the mean, and that of the oldest. */
  readonly seconds: number;
  readonly oldestSeconds: number;
}

/** What a job takes of which nothing is known. */
export interface UsualSeconds {
  readonly copy: number;
  readonly encode: number;
}

type Known = OpenJobs & { readonly estimateSeconds: number };

/** As workers take them: copies have a lane of their own. */
const queuesByTurn: readonly string[] = [INGEST_JOBS, ...encodeQueues];
const isCopy = ({ queue }: OpenJobs): boolean => queue === INGEST_JOBS;

const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

const isKnown = (open: OpenJobs): open is Known => open.estimateSeconds !== null;

/** Jobs without an estimate count with the mean of those that have one, of the same lane. */
function withEstimates(open: readonly OpenJobs[], usual: UsualSeconds): Known[] {
  const meanOf = (lane: readonly OpenJobs[], otherwise: number): number => {
    const known = lane.filter(isKnown);
    const jobs = sumOf(known, (group) => group.jobs);
    if (jobs === 0) return otherwise;
    return sumOf(known, (group) => group.jobs * group.estimateSeconds) / jobs;
  };
  const copy = meanOf(open.filter(isCopy), usual.copy);
  const encode = meanOf(
    open.filter((group) => !isCopy(group)),
    usual.encode,
  );
  return open.map((group) => ({
    ...group,
    estimateSeconds: group.estimateSeconds ?? (isCopy(group) ? copy : encode),
  }));
}

/** The first `jobs` of the groups, and the rest. */
function split(groups: readonly Known[], jobs: number): [first: Known[], rest: Known[]] {
  const first: Known[] = [];
  const rest: Known[] = [];
  let left = jobs;
  for (const group of groups) {
    const taken = Math.min(left, group.jobs);
    left -= taken;
    if (taken > 0) first.push({ ...group, jobs: taken });
    if (taken < group.jobs) rest.push({ ...group, jobs: group.jobs - taken });
  }
  return [first, rest];
}

interface Queue {
  readonly waiting: readonly Known[];
  /** Of `waiting`: a worker could take them now. */
  readonly ready: readonly Known[];
  readonly running: readonly Known[];
}

/**
 * A job says that it runs only after its first seconds, so what the queue has handed out counts as
 * running too: the oldest ones. What it holds back, for another try, nobody can take.
 */
function queueOf(open: readonly Known[], { inFlight, delayed }: Depth): Queue {
  const told = open.filter(({ running }) => running);
  const pending = open
    .filter(({ running }) => !running)
    .toSorted((one, other) => other.seconds - one.seconds);
  const silent = Math.max(0, inFlight - sumOf(told, ({ jobs }) => jobs));
  const [taken, waiting] = split(pending, silent);
  const [, ready] = split(waiting, delayed);
  const begun = taken.map((group) => ({ ...group, seconds: 0, oldestSeconds: 0 }));
  return { waiting, ready, running: [...told, ...begun] };
}

const laneOf = (all: readonly Known[], grouped: readonly Known[]): Lane => ({
  jobs: sumOf(all, ({ jobs }) => jobs),
  estimatedSeconds: sumOf(all, ({ jobs, estimateSeconds }) => jobs * estimateSeconds),
  oldestSeconds: all.length > 0 ? Math.max(...all.map(({ oldestSeconds }) => oldestSeconds)) : null,
  groups: grouped.map(
    ({ queue, jobs, estimateSeconds, seconds }): JobGroup => ({
      queue,
      jobs,
      estimateSeconds: rounded(estimateSeconds),
      seconds: rounded(seconds),
    }),
  ),
});

const rounded = (seconds: number): number => Math.round(seconds * 100) / 100;

/** What waits and what runs. */
export function backlogOf(
  open: readonly OpenJobs[],
  usual: UsualSeconds,
  queues: Backlog['queues'],
  at: string,
): Backlog {
  const known = withEstimates(open, usual);
  const byTurn = queuesByTurn.map((name) => {
    const depth = queues.find((queue) => queue.name === name) ?? { inFlight: 0, delayed: 0 };
    return queueOf(
      known.filter(({ queue }) => queue === name),
      depth,
    );
  });
  const running = byTurn.flatMap((queue) => queue.running);
  return {
    waiting: laneOf(
      byTurn.flatMap((queue) => queue.waiting),
      byTurn.flatMap((queue) => queue.ready),
    ),
    running: laneOf(running, running),
    queues,
    at,
  };
}
