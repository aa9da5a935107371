import type { Logger } from '@spillway/runtime';
import type { ScalingPlan } from '@spillway/scaling';
import type { LaunchAnswer } from './ports.ts';

/** What does not change is said again so often. */
const AGAIN_MS = 60_000;
/** For so long nothing may be seen before somebody should know. */
const BLIND_MS = 120_000;

/** One line for each decision that changes something, with its reason; what stays as it is, once a minute. */
export class DecisionLog {
  readonly #log: Logger;
  /** By what it is about: what was said last, and when. */
  readonly #said = new Map<string, { readonly text: string; readonly at: number }>();
  #seenAt = performance.now();

  constructor(log: Logger) {
    this.#log = log;
  }

  saw(isSeen: boolean): void {
    const now = performance.now();
    if (isSeen) this.#seenAt = now;
    const blindMs = now - this.#seenAt;
    if (blindMs < BLIND_MS || !this.#isNews('blind', '')) return;
    this.#log.error(
      { blindSeconds: Math.round(blindMs / 1000) },
      'neither the backlog nor the queues can be seen: no worker is launched',
    );
  }

  planned(plan: ScalingPlan, reason: string, source: string): void {
    if (plan.reason === 'limit' && this.#isNews('limit', '')) {
      this.#log.warn({ ...plan, source }, `launching none: ${reason}`);
    }
    if (this.#isNews('heartbeat', '')) this.#log.debug({ ...plan, source }, reason);
  }

  left(left: number, workers: number): void {
    if (left > 0) this.#log.info({ left, workers }, 'workers have left');
  }

  failed(failed: number, pauseSeconds: number): void {
    this.#log.error(
      { failed, pauseSeconds },
      'workers ended before they did anything: look at their logs; launching none for a while',
    );
  }

  launched({ launched, refused }: LaunchAnswer, reason: string): void {
    if (launched > 0) {
      const what = launched === 1 ? 'a worker' : `${launched} workers`;
      this.#log.info({ launched }, `launching ${what}: ${reason}`);
    }
    const reasons = refused.map((refusal) => refusal.reason).join(', ');
    if (refused.length > 0 && this.#isNews('refused', reasons)) {
      this.#log.warn({ refused }, `workers were refused: ${reasons}`);
    }
  }

  #isNews(about: string, text: string): boolean {
    const now = performance.now();
    const last = this.#said.get(about);
    if (last && last.text === text && now - last.at < AGAIN_MS) return false;
    this.#said.set(about, { text, at: now });
    return true;
  }
}
