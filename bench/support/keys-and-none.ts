import { Pool } from 'undici';
import { postOrders } from './post-orders.ts';
import { startOrderApiProcess } from './start-order-api.ts';

/** Orders that one server takes before it is the other's turn: what slows the machine down slows both. */
const IN_TURN = 250;

/** Of a customer whose limits are counted and out of the way: from then on, the server wants keys. */
async function customersKey(url: string): Promise<Record<string, string>> {
  const send = async (method: string, path: string, body: unknown): Promise<{ key?: string }> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as { key?: string };
  };
  const limits = { openOrders: 1_000_000, requestsPerSecond: 1_000_000 };
  await send('PUT', '/v1/customers/bench', { limits });
  const { key } = await send('POST', '/v1/keys', { customerId: 'bench' });
  return { authorization: `Bearer ${key}` };
}

async function server(connections: number, withKeys: boolean) {
  const api = await startOrderApiProcess();
  const headers = withKeys ? await customersKey(api.url) : {};
  const pool = new Pool(api.url, { connections });
  // Nobody fetches it. A customer's key may not name a file.
  const source = { url: 'http://127.0.0.1:9/clip.mp4' };
  const body = JSON.stringify({ source, playback: withKeys ? 'signed' : 'public' });
  let seconds = 0;
  return {
    async take(orders: number): Promise<void> {
      const start = performance.now();
      await postOrders(pool, connections, Array<string>(orders).fill(body), headers);
      seconds += (performance.now() - start) / 1000;
    },
    seconds: () => seconds,
    async stop(): Promise<void> {
      await pool.close();
      await api.stop();
    },
  };
}

/** Durable orders a second over HTTP: of a server without keys, and of one with keys, limits and signed playback. */
export async function keysAndNone(
  connections: number,
  orders: number,
): Promise<{ none: number; keys: number }> {
  const none = await server(connections, false);
  const keys = await server(connections, true);
  try {
    for (let taken = 0; taken < orders; taken += IN_TURN) {
      const turns = (taken / IN_TURN) % 2 === 0 ? [none, keys] : [keys, none];
      for (const { take } of turns) await take(Math.min(IN_TURN, orders - taken));
    }
    return { none: orders / none.seconds(), keys: orders / keys.seconds() };
  } finally {
    await none.stop();
    await keys.stop();
  }
}
