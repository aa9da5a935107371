import type { Logger } from '@spillway/runtime';
import { Gauge, type Registry } from 'prom-client';
import type { LaunchAnswer, Worker, WorkerTarget } from '../../app/ports.ts';
import { KubernetesApi } from './api.ts';
import type { KubernetesConfig } from './config.ts';
import { Job } from './objects.ts';
import { WantedJobs } from './wanted.ts';
import { Workers } from './workers.ts';

export interface KedaTargetParts extends KubernetesConfig {
  readonly log: Logger;
  readonly registry: Registry;
  /** Milliseconds since 1970; default Date.now. */
  readonly now?: () => number;
}

/**
 * Workers as Jobs that KEDA makes of a ScaledJob: its trigger `metrics-api` reads from /metrics how
 * many there shall be. For clusters whose Jobs KEDA makes; else `KubernetesTarget` is simpler and sooner.
 */
export class KedaTarget implements WorkerTarget {
  readonly name = 'keda';
  readonly #parts: KedaTargetParts;
  readonly #api: KubernetesApi;
  readonly #wanted = new WantedJobs();
  readonly #workers = new Workers();
  readonly #now: () => number;

  constructor(parts: KedaTargetParts) {
    this.#parts = parts;
    this.#api = new KubernetesApi(parts.access);
    this.#now = parts.now ?? Date.now;
    const wanted = this.#wanted;
    new Gauge({
      name: 'spillway_autoscaler_keda_jobs_wanted',
      help: 'Jobs that KEDA shall see to; 0 while none is missing',
      registers: [parts.registry],
      collect() {
        this.set(wanted.told);
      },
    });
  }

  async list(): Promise<readonly Worker[]> {
    const labels = `scaledjob.keda.sh/name=${this.#parts.template}`;
    const jobs = await this.#api.list('batch/v1/jobs', Job, { labels });
    const workers = this.#workers.of(jobs);
    const givenUp = this.#wanted.seen(
      workers.filter(({ state }) => state !== 'failed').map(({ id }) => id),
      this.#now(),
    );
    if (givenUp > 0) {
      this.#parts.log.warn({ jobs: givenUp }, 'KEDA does not make the Jobs that it is asked for');
    }
    const startedAt = new Date(this.#wanted.since).toISOString();
    const missing = Array.from({ length: this.#wanted.missing }, (_, index): Worker => {
      return { id: `wanted-${index}`, startedAt, state: 'starting' };
    });
    return [...workers, ...missing];
  }

  /** KEDA launches them at its next poll; those that are refused are given up a minute later. */
  async launch(count: number, token: string): Promise<LaunchAnswer> {
    this.#wanted.ask(count, token, this.#now());
    return { launched: count, refused: [] };
  }

  close(): Promise<void> {
    return this.#api.close();
  }
}
