import { isRetryable, Job, JobResult } from '@spillway/contracts';
import type { VersionedOrder } from '../../services/order-api/src/app/ports.ts';
import {
  isEnded,
  isOpen,
  jobKey,
  type OrderState,
} from '../../services/order-api/src/domain/order.ts';
import { canBeSlow, canLoseSends } from './faults.ts';
import { type Film, type Flaw, filmNumber } from './films.ts';
import type { Taken } from './message.ts';
import type { Process } from './process.ts';
import type { Site } from './supervisor.ts';
import { JOB_ATTEMPTS } from './video-encoder.ts';
import type { Answered } from './watcher.ts';
import type { World } from './world.ts';

/** A delivery that a process has. */
interface InHand {
  readonly taken: Taken;
  readonly attempt: number;
  readonly since: number;
}

/** Whether it is a job of the kind at which a flaw shows. */
function isWhere(at: Flaw['at'] | undefined, { kind, index }: Job): boolean {
  if (kind !== 'ingest') return at === 'inspect' || at === 'encode';
  return at === (index === 0 ? 'download' : 'captions');
}

const isResultQueue = (queue: string): boolean => queue === 'job-results';
const jobOf = (body: string): Job => Job.parse(JSON.parse(body));

/** What holds of messages: who has them, how they are answered, and what was told before. */
export class MessageLaws {
  protected readonly world: World;
  readonly #films: readonly Film[];
  #site: Site | null = null;
  readonly #inHand = new Map<Process, InHand[]>();
  /** What the broker has had: destination and body. */
  readonly #had = new Set<string>();
  /** Jobs, with their run, of which an end was told. */
  readonly #told = new Set<string>();
  /** Of each order, the last event that the topic had. */
  readonly #published = new Map<string, number>();
  /** When a process met the flaw of a film. */
  readonly #flawsMet = new Map<Process, Map<number, number>>();

  constructor(world: World, films: readonly Film[]) {
    this.world = world;
    this.#films = films;
  }

  watch(site: Site): void {
    this.#site = site;
  }

  sent(process: Process, queue: string, body: string): void {
    this.#had.add(`queue:${queue}\n${body}`);
    if (!isResultQueue(queue)) return;
    const result = JobResult.parse(JSON.parse(body));
    if (result.status === 'progress') return;
    this.#told.add(`${result.jobId}#${result.run}`);
    if (result.status === 'failed') this.#checkBudget(process, result);
  }

  /** Law 6: a failure that may pass ends a job at the end of its budget, not before. */
  #checkBudget(process: Process, result: Extract<JobResult, { status: 'failed' }>): void {
    if (!result.error.retryable) return;
    const tries = this.#handOf(process).map(
      ({
        taken: {
          message: { body, queue },
        },
        attempt,
      }) => (isResultQueue(queue) || jobOf(body).jobId !== result.jobId ? 0 : attempt),
    );
    if (!tries.some((attempt) => attempt >= JOB_ATTEMPTS)) {
      this.breaks('6', `${result.jobId} was given up as ${result.error.code} before its last try`);
    }
  }

  /** Law 2: an order's events are told in order, without a hole. */
  published(body: string): void {
    this.#had.add(`topic:order-events\n${body}`);
    const { orderId, sequence } = JSON.parse(body) as { orderId: string; sequence: number };
    const last = this.#published.get(orderId) ?? 0;
    if (sequence > last + 1) {
      this.breaks('2', `event ${sequence} of ${orderId} was told when ${last} was the last`);
    }
    this.#published.set(orderId, Math.max(last, sequence));
  }

  taken(process: Process, taken: Taken, attempt: number): void {
    this.#handOf(process).push({ taken, attempt, since: this.world.timeline.now });
    if (process.stopping) {
      this.breaks('4', `${process.name} was told to stop and took ${taken.message.id}`);
    }
  }

  letGo(process: Process, taken: Taken): void {
    const hand = this.#handOf(process);
    this.#inHand.set(
      process,
      hand.filter((one) => one.taken !== taken),
    );
  }

  answered(process: Process, taken: Taken, attempt: number, how: Answered): void {
    const { message } = taken;
    if (isResultQueue(message.queue)) {
      if (how === 'ack') this.#checkApplied(JobResult.parse(JSON.parse(message.body)));
      if (how === 'dead letter') this.breaks('1', `the result ${message.id} is a dead letter`);
      return;
    }
    const job = jobOf(message.body);
    if (how === 'ack') this.#checkTold(job);
    if (how === 'retry') this.#checkRetry(process, taken, job, attempt);
  }

  /** Law 1: a job that is done with was told of, unless nobody waits for it any more. */
  #checkTold({ orderId, jobId, run }: Job): void {
    const order = this.order(orderId);
    if (!order || isEnded(order.state) || order.state.run !== run) return;
    if (!this.#told.has(`${jobId}#${run}`)) {
      this.breaks('1', `the job ${jobId} was acknowledged and nobody was told how it ended`);
    }
  }

  /** Law 2: a result that is done with is in its order. */
  #checkApplied(result: JobResult): void {
    const order = this.order(result.orderId);
    if (result.status === 'progress' || !order) return;
    const { state } = order;
    const job = state.jobs[jobKey(result)];
    if (isEnded(state) || state.run !== result.run || !job || !isOpen(job)) return;
    const known = job.attempts.find(({ attemptId }) => attemptId === result.attemptId);
    if (known === undefined || known.status === 'running') {
      this.breaks('2', `a result of ${result.jobId} was acknowledged and its order knows nothing`);
    }
  }

  #checkRetry(process: Process, taken: Taken, job: Job, attempt: number): void {
    if (attempt >= JOB_ATTEMPTS) {
      this.breaks('6', `${job.jobId} is tried again after try ${attempt} of ${JOB_ATTEMPTS}`);
    }
    const since = this.#handOf(process).find((one) => one.taken === taken)?.since;
    const film = this.filmOf(this.order(job.orderId)?.state);
    if (!film || since === undefined || canLoseSends(this.world.chaos)) return;
    const met = this.#flawsMet.get(process)?.get(film.number);
    const isItsJob = isWhere(film.flaw?.at, job);
    if (isItsJob && met !== undefined && met >= since) {
      this.breaks('6', `${job.jobId} failed for good and is tried again`);
    }
  }

  flawMet(process: Process, film: Film, flaw: Flaw): void {
    if (isRetryable(flaw.code)) return;
    const met = this.#flawsMet.get(process) ?? new Map<number, number>();
    this.#flawsMet.set(process, met.set(film.number, this.world.timeline.now));
  }

  /** Law 4: a stop waits for what is in hand. */
  stopped(process: Process): void {
    const [held] = this.#handOf(process);
    if (held) this.breaks('4', `${process.name} stopped with ${held.taken.message.id} in hand`);
  }

  /** Law 4: a stop ends by itself. */
  killed(process: Process): void {
    if (!canBeSlow(this.world.chaos)) this.breaks('4', `${process.name} did not stop in time`);
  }

  /** Whether the broker had a message of the outbox. */
  protected had(destination: string, body: string): boolean {
    return this.#had.has(`${destination}\n${body}`);
  }

  /** The number of the last event of an order that the topic had; 0 for none. */
  protected lastTold(orderId: string): number {
    return this.#published.get(orderId) ?? 0;
  }

  /** Deliveries that processes have had since before then. */
  protected heldSince(time: number): string[] {
    return [...this.#inHand].flatMap(([{ alive, name }, hand]) =>
      hand
        .filter(({ since }) => alive && since < time)
        .map(({ taken }) => `${name} has held ${taken.message.body} for long`),
    );
  }

  protected breaks(law: string, what: string): void {
    this.world.breaks(law, what);
  }

  protected get site(): Site {
    if (!this.#site) throw new Error('the world is not there yet');
    return this.#site;
  }

  protected order(id: string): VersionedOrder | undefined {
    return this.site.database.orders.get(id);
  }

  protected filmOf(state: OrderState | undefined): Film | undefined {
    return state && this.#films[filmNumber(state.request.source.url ?? '')];
  }

  #handOf(process: Process): InHand[] {
    const hand = this.#inHand.get(process) ?? [];
    this.#inHand.set(process, hand);
    return hand;
  }
}
