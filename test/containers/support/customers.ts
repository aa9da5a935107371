// What customers do all the time: order, by any of the APIs that are there, until they are told that it is done.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Order } from '@spillway/contracts';
import { postOrder } from '../../support/orders.ts';
import { receiveWebhooks } from '../../support/webhook-receiver.ts';

interface Told {
  readonly type: string;
  readonly data: { readonly id: string };
}

/** Films by name, and a place to be told at. */
export async function openCustomers(films: readonly string[]) {
  const bodies = new Map<string, Buffer>();
  for (const film of films) bodies.set(`/${path.basename(film)}`, await readFile(film));
  const server = createServer((request, response) => {
    const body = bodies.get(request.url ?? '');
    response.writeHead(body ? 200 : 404, { 'content-length': body?.length ?? 0 }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver = await receiveWebhooks();
  const ordered: string[] = [];
  let keys = 0;

  const toldOf = (id: string): Told[] =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as Told)
      .filter(({ data }) => data.id === id);

  /** Posts with a key until one of the APIs has taken it. */
  async function order(film: string, apis: readonly string[]): Promise<string> {
    const key = `order-${++keys}`;
    const body = {
      source: { url: `http://127.0.0.1:${port}/${film}` },
      webhook: { url: receiver.url, events: ['order.completed', 'order.failed'] },
    };
    for (let attempt = 0; ; attempt++) {
      const api = apis[attempt % apis.length] ?? '';
      const response = await postOrder(api, body, { 'idempotency-key': key }).catch(() => null);
      if (response?.status === 202) {
        const { id } = (await response.json()) as Order;
        ordered.push(id);
        return id;
      }
      if (response && response.status < 500 && response.status !== 409) {
        throw new Error(`${response.status}: ${await response.text()}`);
      }
      await wait(100);
    }
  }

  return {
    ordered: ordered as readonly string[],
    toldOf,
    order,
    /** Resolves when their receiver has been told of each. */
    async untilTold(ids: readonly string[]): Promise<void> {
      while (!ids.every((id) => toldOf(id).length > 0)) {
        await receiver.count(receiver.received.length + 1);
      }
    },
    close() {
      server.close();
      receiver.close();
    },
  };
}

export type Customers = Awaited<ReturnType<typeof openCustomers>>;
