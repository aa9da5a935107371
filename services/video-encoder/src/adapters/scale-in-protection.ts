import type { Logger } from '@spillway/runtime';
import * as z from 'zod';
import type { Protection } from '../app/protected.ts';

/** The agent answers from the same machine; it asks ECS itself, though. */
const CALL_TIMEOUT_MS = 5_000;
const MINUTE_MS = 60_000;

/** A crashed worker's task ends with it; so long is only how often the protection is renewed. */
const EXPIRES_IN_MINUTES = 60;

const Answer = z.object({
  protection: z.object({ ProtectionEnabled: z.boolean() }).optional(),
  failure: z.object({ Reason: z.string(), Detail: z.string().optional() }).optional(),
  error: z.object({ Code: z.string(), Message: z.string() }).optional(),
});

export interface ScaleInProtectionParts {
  /** `ECS_AGENT_URI`. */
  readonly agentUrl: string;
  readonly log: Logger;
  /** Default: 60. */
  readonly expiresInMinutes?: number;
}

/**
 * Task scale-in protection by the endpoint of the ECS agent: neither scaling in nor a deployment stops the
 * task meanwhile. A Spot reclaim does all the same (law 4).
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export class ScaleInProtection implements Protection {
  readonly #parts: ScaleInProtectionParts;
  readonly #expiresInMinutes: number;
  #renewing: NodeJS.Timeout | undefined;
  /** One call after the other: a renewal that is under way must not come after the release. */
  #lastCall: Promise<unknown> = Promise.resolve();

  constructor(parts: ScaleInProtectionParts) {
    this.#parts = parts;
    this.#expiresInMinutes = parts.expiresInMinutes ?? EXPIRES_IN_MINUTES;
  }

  async take(): Promise<boolean> {
    const isProtected = await this.#set(true);
    if (isProtected) this.#renewAfter(0.8);
    return isProtected;
  }

  async release(): Promise<void> {
    clearTimeout(this.#renewing);
    this.#renewing = undefined;
    await this.#set(false);
  }

  /** In a fraction of the time that the protection holds for. */
  #renewAfter(fraction: number): void {
    const timer = setTimeout(
      async () => {
        const renewed = await this.#set(true);
        // Released meanwhile, or begun anew.
        if (this.#renewing === timer) this.#renewAfter(renewed ? 0.8 : 0.02);
      },
      this.#expiresInMinutes * MINUTE_MS * fraction,
    );
    this.#renewing = timer;
  }

  #set(wanted: boolean): Promise<boolean> {
    const call = this.#lastCall.then(() => this.#put(wanted));
    this.#lastCall = call;
    return call;
  }

  async #put(wanted: boolean): Promise<boolean> {
    const { agentUrl, log } = this.#parts;
    const body = wanted
      ? { ProtectionEnabled: true, ExpiresInMinutes: Math.ceil(this.#expiresInMinutes) }
      : { ProtectionEnabled: false };
    try {
      const response = await fetch(`${agentUrl}/task-protection/v1/state`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      const { protection, failure, error } = Answer.parse(await response.json());
      if (protection?.ProtectionEnabled === wanted) return true;
      // DEPLOYMENT_BLOCKED: this task is to be replaced, and shall take no more work.
      const reason = failure?.Reason ?? error?.Code ?? `status ${response.status}`;
      const details = { wanted, reason, detail: failure?.Detail ?? error?.Message };
      log.warn(details, 'scale-in protection was not changed');
    } catch (err) {
      log.warn({ err, wanted }, 'the ECS agent did not change the scale-in protection');
    }
    return false;
  }
}
