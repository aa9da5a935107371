import { CreateOrder, type Priority } from '@spillway/contracts';
import { sampleCustomer } from '@spillway/contracts/testing';
import { createLogger } from '@spillway/runtime';
import { KeyInProgress } from '../../services/order-api/src/app/create-order.ts';
import { captionsAddresses, type Film, filmAddress } from './films.ts';
import type { Laws } from './laws.ts';
import type { SimulatedApi } from './order-api.ts';
import type { Supervisor } from './supervisor.ts';
import type { World } from './world.ts';

/** What a customer does with one order; times are virtual ms. */
export interface Intent {
  readonly film: Film;
  readonly priority: Priority;
  readonly ordersAt: number;
  readonly hasKey: boolean;
  /** Null: never. */
  readonly cancelsAt: number | null;
  readonly deletesAt: number | null;
  readonly retriesAt: number | null;
}

const TIMEOUT_MS = 30_000;
const AGAIN_MS = 5_000;
const TRACE = { traceparent: '00-00000000000000000000000000000001-0000000000000001-01' };
const CALLER = { customer: sampleCustomer({ id: 'customer' }), isAdmin: false };
const log = createLogger('client', 'silent');

/** A customer: orders, and asks again when nobody answers. */
export class Client {
  readonly #world: World;
  readonly #supervisor: Supervisor;
  readonly #laws: Laws;
  #undone = 0;

  constructor(world: World, supervisor: Supervisor, laws: Laws) {
    this.#world = world;
    this.#supervisor = supervisor;
    this.#laws = laws;
  }

  /** Nothing is left to ask for. */
  get isDone(): boolean {
    return this.#undone === 0;
  }

  add(intent: Intent): void {
    this.#undone += 1;
    this.#world.timeline.at(intent.ordersAt, null, () => this.#order(intent));
  }

  #order(intent: Intent): void {
    const { film, hasKey, priority } = intent;
    const captions = captionsAddresses(film).map((url, index) => {
      return { url, language: 'en', label: `number ${index}` };
    });
    const source = { url: filmAddress(film) };
    const body = CreateOrder.parse({ source, outputs: { captions }, priority });
    const idempotencyKey = hasKey ? `key-${film.number}` : null;
    const order = { caller: CALLER, body, idempotencyKey, trace: TRACE };
    this.#ask(`orders film ${film.number}`, (api) => api.createOrder(order, log), {
      done: ({ id }) => {
        this.#laws.accepted(id, film);
        this.#follow(id, intent);
        this.#undone -= 1;
      },
      failed: (error) => {
        // Without a key a second order might be a second film: then the customer asks no more.
        if (hasKey || error instanceof KeyInProgress) this.#later(() => this.#order(intent));
        else this.#undone -= 1;
      },
    });
  }

  #follow(id: string, { cancelsAt, deletesAt, retriesAt }: Intent): void {
    if (cancelsAt !== null) this.#until(cancelsAt, () => this.#cancel(id));
    if (retriesAt !== null) this.#until(retriesAt, () => this.#retry(id));
    if (deletesAt !== null) this.#until(deletesAt, () => this.#remove(id));
  }

  #until(time: number, act: () => void): void {
    this.#undone += 1;
    this.#world.timeline.after(time - this.#world.timeline.now, null, act);
  }

  #cancel(id: string): void {
    this.#laws.canceling(id);
    const apply = ({ workflow }: SimulatedApi) =>
      workflow.apply(id, { type: 'cancel' }, TRACE, log);
    this.#ask(`cancels ${id}`, apply, {
      done: () => {
        this.#undone -= 1;
      },
      failed: () => this.#later(() => this.#cancel(id)),
    });
  }

  #retry(id: string): void {
    const apply = ({ workflow }: SimulatedApi) => workflow.apply(id, { type: 'retry' }, TRACE, log);
    this.#ask(`retries ${id}`, apply, {
      done: () => {
        this.#undone -= 1;
      },
      failed: () => this.#later(() => this.#retry(id)),
    });
  }

  /** As soon as it has ended. */
  #remove(id: string): void {
    this.#laws.deleting(id);
    this.#ask(`deletes ${id}`, ({ deleteOrder }) => deleteOrder(id), {
      done: (result) => {
        if (result === 'not_ended') this.#later(() => this.#remove(id));
        else this.#undone -= 1;
      },
      failed: () => this.#later(() => this.#remove(id)),
    });
  }

  #later(act: () => void): void {
    this.#world.timeline.after(AGAIN_MS, null, act);
  }

  /** One request: answered, failed, or given up after a while. */
  #ask<T>(
    what: string,
    request: (api: SimulatedApi) => Promise<T>,
    { done, failed }: { done: (value: T) => void; failed: (error: unknown) => void },
  ): void {
    const { trace, timeline } = this.#world;
    const reached = this.#supervisor.api();
    trace?.('client', `${what} at ${reached?.process.name ?? 'nobody'}`);
    if (!reached) {
      this.#later(() => failed(new Error('no connection')));
      return;
    }
    let answered = false;
    const once = (act: () => void) => {
      if (answered) return;
      answered = true;
      act();
    };
    timeline.after(TIMEOUT_MS, null, () => once(() => failed(new Error('no answer'))));
    const { process, api } = reached;
    process
      .run(() => request(api))
      .then(
        (value) => {
          trace?.('client', `${what}: answered`);
          once(() => done(value));
        },
        (error: unknown) => {
          trace?.('client', `${what}: ${error}`);
          once(() => failed(error));
        },
      );
  }
}
