import { eachOf, type Logger } from '@spillway/runtime';
import { Gauge, type Registry } from 'prom-client';
import type { LaunchAnswer, Refusal, Worker, WorkerTarget } from '../../app/ports.ts';
import { ApiRefusal, KubernetesApi } from './api.ts';
import type { KubernetesConfig } from './config.ts';
import { holdUpCauses, holdUps, isQuota } from './held-up.ts';
import { Event, Job, JobTemplate, jobOf, Pod, TEMPLATE_LABEL } from './objects.ts';
import { launchedAt, Workers } from './workers.ts';

/** Jobs made at once; the API's own queues are fair, and this is one client of many. */
const LAUNCHES_AT_ONCE = 8;
/** A start on a node that is there takes less: before that nobody asks what holds a worker up. */
const HELD_UP_AFTER_MS = 10_000;

export interface KubernetesTargetParts extends KubernetesConfig {
  readonly log: Logger;
  readonly registry: Registry;
  /** Milliseconds since 1970; default Date.now. */
  readonly now?: () => number;
}

/**
 * Workers as Jobs of a cluster, one pod each, made of the template in a suspended CronJob. A Job's
 * name is made of the decision's token, so a repeat finds it taken: that counts as launched.
 */
export class KubernetesTarget implements WorkerTarget {
  readonly name = 'kubernetes';
  readonly #parts: KubernetesTargetParts;
  readonly #api: KubernetesApi;
  readonly #heldUp: Gauge<'cause'>;
  readonly #workers = new Workers();
  #lastHoldUps = '';

  constructor(parts: KubernetesTargetParts) {
    this.#parts = parts;
    this.#api = new KubernetesApi(parts.access);
    this.#heldUp = new Gauge({
      name: 'spillway_autoscaler_workers_held_up',
      help: 'Workers that were launched and cannot start, by what holds them up',
      labelNames: ['cause'],
      registers: [parts.registry],
    });
  }

  async list(): Promise<readonly Worker[]> {
    const labels = `${TEMPLATE_LABEL}=${this.#parts.template}`;
    // Those that left well are most: the API leaves them out.
    const jobs = await this.#api.list('batch/v1/jobs', Job, {
      labels,
      fields: 'status.successful=0',
    });
    const workers = this.#workers.of(jobs);
    await this.#tellHoldUps(jobs, workers);
    return workers;
  }

  async launch(count: number, token: string): Promise<LaunchAnswer> {
    const { template: templateName } = this.#parts;
    const template = await this.#api.get(`batch/v1/cronjobs/${templateName}`, JobTemplate);
    const names = Array.from({ length: count }, (_, index) => `${templateName}-${token}-${index}`);
    const refusals: string[] = [];
    await eachOf(names, LAUNCHES_AT_ONCE, async (name) => {
      // What is wrong with one is wrong with the next one, which is like it.
      const refusal = refusals[0] ?? (await this.#launchOne(jobOf(template, templateName, name)));
      if (refusal) refusals.push(refusal);
    });
    return { launched: count - refusals.length, refused: countedBy(refusals) };
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  /** Null: it is there. Throws when it is not known whether it is. */
  async #launchOne(job: object): Promise<string | null> {
    try {
      await this.#api.create('batch/v1/jobs', job);
      return null;
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      if (error.reason === 'AlreadyExists') return null;
      const reason = refusalOf(error);
      if (reason === null) throw error;
      this.#parts.log.warn({ reason, detail: error.message }, 'a worker was refused');
      return reason;
    }
  }

  async #tellHoldUps(jobs: readonly Job[], workers: readonly Worker[]): Promise<void> {
    const now = (this.#parts.now ?? Date.now)();
    const starting = new Set(
      workers.filter(({ state }) => state === 'starting').map(({ id }) => id),
    );
    const slow = jobs.filter(
      (job) => starting.has(job.metadata.name) && now - launchedAt(job) > HELD_UP_AFTER_MS,
    );
    const found = slow.length === 0 ? [] : await this.#holdUpsOf(slow);
    for (const cause of holdUpCauses) {
      this.#heldUp.set({ cause }, found.filter((holdUp) => holdUp.cause === cause).length);
    }
    const messages = [...new Set(found.map(({ cause, message }) => `${cause}: ${message}`))].sort();
    if (messages.join() === this.#lastHoldUps) return;
    this.#lastHoldUps = messages.join();
    if (found.length === 0) this.#parts.log.info('no worker is held up any more');
    else this.#parts.log.warn({ workers: found.length, messages }, 'workers cannot start');
  }

  async #holdUpsOf(slow: readonly Job[]) {
    const labels = `${TEMPLATE_LABEL}=${this.#parts.template}`;
    const pods = await this.#api.list('v1/pods', Pod, { labels, fields: 'status.phase=Pending' });
    const withoutPod = slow.some(({ status }) => (status?.active ?? 0) === 0);
    const fields = 'reason=FailedCreate,involvedObject.kind=Job';
    const events = withoutPod ? await this.#api.list('v1/events', Event, { fields }) : [];
    return holdUps(slow, pods, events);
  }
}

/** Null: the API itself did not get so far as to refuse it, or may have done it. */
function refusalOf({ status, message }: ApiRefusal): string | null {
  if (status === 403) return isQuota(message) ? 'quota' : 'forbidden';
  if (status === 422 || status === 400) return 'invalid_template';
  if (status === 429) return 'throttled';
  return null;
}

function countedBy(reasons: readonly string[]): readonly Refusal[] {
  return [...new Set(reasons)].map((reason) => ({
    reason,
    count: reasons.filter((one) => one === reason).length,
  }));
}
