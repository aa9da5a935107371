import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@spillway/runtime';
import { FailedStarts } from '../domain/failed-starts.ts';
import { type PlanSettings, planWorkers, type Workers } from '../domain/plan-workers.ts';
import { reasonFor } from '../domain/sentence.ts';
import { DecisionLog } from './decision-log.ts';
import type { Lease, Observer, Worker, WorkerTarget } from './ports.ts';
import type { Looker } from './sight.ts';

/** While there is no worker at all the first order waits for the next look. */
const LOOK_WITHOUT_WORKERS_SECONDS = 1;

export interface AutoscalerParts {
  readonly settings: PlanSettings & { readonly planSeconds: number };
  readonly looker: Looker;
  readonly target: WorkerTarget;
  readonly lease: Lease;
  readonly observer: Observer;
  readonly log: Logger;
}

/** A launch whose answer was lost: it is repeated as it was. */
interface Unanswered {
  readonly count: number;
  readonly token: string;
}

/** Looks, plans, and launches what is missing, round after round. */
export class Autoscaler {
  readonly #parts: AutoscalerParts;
  readonly #decisions: DecisionLog;
  readonly #starts = new FailedStarts();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #unanswered: Unanswered | null = null;
  #workers = 0;

  constructor(parts: AutoscalerParts) {
    this.#parts = parts;
    this.#decisions = new DecisionLog(parts.log);
    this.#running = this.#run();
  }

  /** Plans no more, and lets another one have the lease. Workers go on. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#parts.lease.release();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { settings, lease, observer } = this.#parts;
    while (!signal.aborted) {
      const isLeading = await lease.hold();
      observer.leads(isLeading);
      if (isLeading) await this.#round();
      const seconds =
        isLeading && this.#workers === 0
          ? Math.min(LOOK_WITHOUT_WORKERS_SECONDS, settings.planSeconds)
          : settings.planSeconds;
      await wait(seconds * 1000, undefined, { signal }).catch(() => {});
    }
  }

  async #round(): Promise<void> {
    try {
      await this.#plan();
    } catch (err) {
      this.#parts.observer.broke();
      this.#parts.log.error({ err, target: this.#parts.target.name }, 'the target did not answer');
    }
  }

  async #plan(): Promise<void> {
    const { looker, target, settings, observer } = this.#parts;
    const sight = await looker.look();
    observer.saw(sight?.source ?? null);
    this.#decisions.saw(sight !== null);
    if (!sight) return;
    const listed = await target.list();
    this.#see(listed);
    const workers = countOf(listed);
    const plan = planWorkers(sight, workers, settings);
    observer.planned(plan, { ready: workers.ready, starting: workers.starting.length });
    const reason = reasonFor(plan, sight, workers, settings);
    this.#decisions.planned(plan, reason, sight.source);
    if (plan.launch > 0) await this.#launch(plan.launch, reason);
    else this.#unanswered = null;
  }

  #see(listed: readonly Worker[]): void {
    const now = performance.now();
    const failed = this.#starts.see(listed, now);
    const workers = listed.filter(({ state }) => state !== 'failed').length;
    this.#decisions.left(this.#workers - workers, workers);
    this.#workers = workers;
    if (failed === 0) return;
    this.#parts.observer.failed(failed);
    this.#decisions.failed(failed, this.#starts.pauseSeconds(now));
  }

  async #launch(wanted: number, reason: string): Promise<void> {
    const { target, observer } = this.#parts;
    if (this.#starts.pauseSeconds(performance.now()) > 0) return;
    const isRepeat = this.#unanswered !== null;
    const launch = this.#unanswered ?? { count: wanted, token: randomBytes(8).toString('hex') };
    // Until the answer is here: what rejects is repeated.
    this.#unanswered = launch;
    const answer = await target.launch(launch.count, launch.token);
    this.#unanswered = null;
    observer.answered(answer);
    this.#decisions.launched(answer, reason);
    // What the first call has launched may be listed already, and does not appear once more.
    if (isRepeat) return;
    this.#starts.launched(answer.launched);
    this.#workers += answer.launched;
  }
}

function countOf(listed: readonly Worker[]): Workers {
  const starting = listed
    .filter(({ state }) => state === 'starting')
    .map(({ startedAt }) => Math.max(0, (Date.now() - Date.parse(startedAt)) / 1000));
  return { ready: listed.filter(({ state }) => state === 'ready').length, starting };
}
