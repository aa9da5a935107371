import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, answered, type CreateOrder, SpillwayClient } from '@spillway/client';
import { LOCAL_KEY } from '../support/compose-file.ts';
import type { OrderKind, PlannedOrder } from './plan.ts';

const ANSWER_MS = 15_000;
const AGAIN_MS = 500;

/** What the API will still say in an hour; everything else may be the storm. */
const isFinal = (error: unknown): boolean =>
  error instanceof ApiError && error.status < 500 && error.problem !== null && error.status !== 429;

/** Asks until it is answered. Throws what the API refuses for good. */
export async function insist<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask(AbortSignal.timeout(ANSWER_MS));
    } catch (error) {
      if (isFinal(error) && !isUnderWay(error)) throw error;
      await wait(AGAIN_MS);
    }
  }
}

/** The same request was sent before, and its answer is still being made. */
const isUnderWay = (error: unknown): boolean =>
  error instanceof ApiError && error.kind === 'idempotency-key-in-progress';

export interface Placed {
  readonly id: string;
  readonly planned: PlannedOrder;
  readonly body: CreateOrder;
  /** The cancellation was answered with 200. */
  readonly wasCanceled: boolean;
}

/** Little work for those that are many; all renditions, slowly, of those that are to be cut in chunks. */
const outputsOf = (kind: OrderKind): NonNullable<CreateOrder['outputs']> =>
  kind === 'long' ? { speed: 'slow' } : { renditions: [{ lines: 144 }] };

export interface CustomerParts {
  readonly url: string;
  readonly files: Readonly<Record<OrderKind, Blob>>;
  readonly webhookUrl: string;
}

/** Someone who orders, and asks again for as long as nobody answers. */
export class Customer {
  readonly client: SpillwayClient;
  readonly #parts: CustomerParts;

  constructor(parts: CustomerParts) {
    this.#parts = parts;
    this.client = new SpillwayClient({ url: parts.url, apiKey: LOCAL_KEY });
  }

  /** Of the plan's moment on; resolves when the order was accepted and, where it is to be, canceled. */
  async place(planned: PlannedOrder): Promise<Placed> {
    await wait(planned.atMs);
    const { files, webhookUrl } = this.#parts;
    const uploadId = await insist((signal) => this.client.upload(files[planned.kind], { signal }));
    const body: CreateOrder = {
      source: { uploadId },
      outputs: outputsOf(planned.kind),
      ...(planned.hasWebhook && { webhook: { url: webhookUrl } }),
    };
    const id = await this.order(planned.key, body);
    const wasCanceled = planned.kind === 'canceled' && (await this.#cancel(id, planned));
    return { id, planned, body, wasCanceled };
  }

  /** The id that a request with the key is answered with. */
  async order(key: string, body: CreateOrder): Promise<string> {
    const params = { header: { 'Idempotency-Key': key } };
    const order = await insist((signal) =>
      answered(this.client.api.POST('/v1/orders', { body, params, signal })),
    );
    return order.id;
  }

  async #cancel(id: string, { cancelAfterMs }: PlannedOrder): Promise<boolean> {
    await wait(cancelAfterMs);
    try {
      await insist((signal) =>
        answered(
          this.client.api.POST('/v1/orders/{id}/cancel', { params: { path: { id } }, signal }),
        ),
      );
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.kind === 'order-ended') return false;
      throw error;
    }
  }
}
