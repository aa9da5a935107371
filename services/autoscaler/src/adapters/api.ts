import { hostname } from 'node:os';
import { answered, SpillwayClient } from '@spillway/client';
import type { Backlog, ScalingLease } from '@spillway/contracts';
import type { Logger } from '@spillway/runtime';
import type { Lease } from '../app/ports.ts';

/** An API that takes longer is as good as away. */
const ANSWER_MS = 10_000;
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;

/** order-api, asked as any operator would. Everything rejects with what the client throws. */
export class Api {
  readonly #client: SpillwayClient;

  constructor(url: string, apiKey: string) {
    this.#client = new SpillwayClient({ url, apiKey });
  }

  readBacklog(): Promise<Backlog> {
    return answered(
      this.#client.api.GET('/v1/backlog', { signal: AbortSignal.timeout(ANSWER_MS) }),
    );
  }

  askForLease(holder: string, seconds: number): Promise<ScalingLease> {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return answered(
      this.#client.api.PUT('/v1/scaling-lease', { body: { holder, seconds }, signal }),
    );
  }
}

/**
 * The lease that order-api keeps. While the API is away nobody can take it, so whoever had it last goes on: that is
 * when the broker's queues are looked at.
 */
export class ApiLease implements Lease {
  readonly #api: Pick<Api, 'askForLease'>;
  readonly #log: Logger;
  readonly #name = `${hostname()}/${process.pid}/${crypto.randomUUID().slice(0, 8)}`;
  #holder: string | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(api: Pick<Api, 'askForLease'>, log: Logger) {
    this.#api = api;
    this.#log = log;
  }

  async hold(): Promise<boolean> {
    const now = performance.now();
    if (this.#isHolder && now - this.#askedAt < RENEW_MS) return true;
    try {
      const { holder } = await this.#api.askForLease(this.#name, LEASE_SECONDS);
      this.#askedAt = now;
      if (holder !== this.#holder) this.#log.info({ holder, me: this.#name }, 'who plans');
      this.#holder = holder;
    } catch (err) {
      this.#log.warn({ err }, 'order-api does not say who plans');
    }
    return this.#isHolder;
  }

  async release(): Promise<void> {
    if (!this.#isHolder) return;
    this.#holder = null;
    await this.#api.askForLease(this.#name, 0).catch((err: unknown) => {
      this.#log.warn({ err }, 'the lease was not given up; it ends by itself');
    });
  }

  get #isHolder(): boolean {
    return this.#holder === this.#name;
  }
}
