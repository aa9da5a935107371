import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type CreateOrder, hasEnded, Order, Problem } from '@spillway/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type * as z from 'zod';

/** The API refused; the message is its own sentence. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** What a response that is no success says. */
export async function refusal(response: Response): Promise<RefusedError> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  const sentence = problem.success ? (problem.data.detail ?? problem.data.title) : '';
  return new RefusedError(sentence || `The API answered ${response.status}.`);
}

/** Where the API is, and the operator's key to it. */
export interface ApiAccess {
  readonly url: string;
  readonly adminKey: string;
}

const asOperator = ({ adminKey }: ApiAccess) => ({ authorization: `Bearer ${adminKey}` });

async function readOrder(response: Response): Promise<Order> {
  if (!response.ok) throw await refusal(response);
  return Order.parse(await response.json());
}

/** Posts an order and returns it as accepted. Throws `RefusedError`. */
export const placeOrder = async (
  api: ApiAccess,
  body: z.input<typeof CreateOrder>,
): Promise<Order> =>
  readOrder(
    await fetch(`${api.url}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...asOperator(api) },
      body: JSON.stringify(body),
    }),
  );

const getOrder = async (api: ApiAccess, id: string): Promise<Order> =>
  readOrder(await fetch(`${api.url}/v1/orders/${id}`, { headers: asOperator(api) }));

/** Follows the order's events until it has ended; `onProgress` hears every change. */
export async function followOrder(
  api: ApiAccess,
  id: string,
  onProgress: (order: Order) => void,
): Promise<Order> {
  for (;;) {
    const order = await getOrder(api, id);
    onProgress(order);
    if (hasEnded(order.status)) return order;
    const events = await fetch(`${api.url}/v1/orders/${id}/events`, { headers: asOperator(api) });
    if (!events.ok || !events.body) throw await refusal(events);
    const stream = events.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const _event of stream as unknown as Readable) {
      const now = await getOrder(api, id);
      onProgress(now);
      if (hasEnded(now.status)) return now;
    }
    await wait(200);
  }
}
