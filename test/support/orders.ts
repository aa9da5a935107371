import { hasEnded, type Order, type Problem } from '@spillway/contracts';

export const postOrder = (api: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${api}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Posts an order that must be accepted. */
export async function acceptedOrder(api: string, body: unknown): Promise<Order> {
  const response = await postOrder(api, body);
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as Order;
}

export const getOrder = async (api: string, id: string): Promise<Order> =>
  (await (await fetch(`${api}/v1/orders/${id}`)).json()) as Order;

export const problemOf = async (response: Response): Promise<Problem> =>
  (await response.json()) as Problem;

/** Reads the order's event stream until the order fits; the stream itself ends with the order. */
export async function orderWhen(
  api: string,
  id: string,
  fits: (order: Order) => boolean,
): Promise<Order> {
  for (;;) {
    const order = await getOrder(api, id);
    if (fits(order)) return order;
    if (hasEnded(order.status)) throw new Error(`ended otherwise: ${JSON.stringify(order)}`);
    const events = await fetch(`${api}/v1/orders/${id}/events`);
    for await (const _chunk of events.body ?? []) {
      const now = await getOrder(api, id);
      if (!fits(now)) continue;
      await events.body?.cancel().catch(() => {});
      return now;
    }
  }
}

export const orderEnd = (api: string, id: string): Promise<Order> =>
  orderWhen(api, id, (order) => hasEnded(order.status));
