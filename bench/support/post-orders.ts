import type { Order } from '@spillway/contracts';
import type { Pool } from 'undici';

export interface Accepted {
  readonly id: string;
  /** From sending the request to the end of its answer. */
  readonly ms: number;
}

/** Posts orders as fast as so many connections take them; throws when one is not accepted. */
export async function postOrders(
  pool: Pool,
  connections: number,
  bodies: Iterable<string>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  const queue = bodies[Symbol.iterator]();
  const post = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const start = performance.now();
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/v1/orders',
        headers: { 'content-type': 'application/json', ...headers },
        body: next.value,
      });
      const answer = await body.text();
      if (statusCode !== 202) throw new Error(`POST answered ${statusCode}: ${answer}`);
      const { id } = JSON.parse(answer) as Order;
      accepted.push({ id, ms: performance.now() - start });
    }
  };
  await Promise.all(Array.from({ length: connections }, post));
  return accepted;
}
