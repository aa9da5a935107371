import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Random } from '../../simulation/src/random.ts';
import type { ToldWebhook } from './judge.ts';

export interface Receiver {
  /** As the containers reach it. */
  readonly url: string;
  /** Of those it answered with 204. */
  readonly told: readonly ToldWebhook[];
  /** How many it refused with 503. */
  readonly refused: number;
  /** With it signatures are verified; nothing is told before. */
  secret: string;
  close(): void;
}

/** A tenth of what arrives is refused: it must come again. */
const REFUSED = 0.1;

export async function startReceiver(random: Random): Promise<Receiver> {
  const told: ToldWebhook[] = [];
  const server = createServer(async (request, response) => {
    // Null of one that was cut off: its sender has been killed, and the next one tells it again.
    const body = await text(request).catch(() => null);
    if (body === null) return;
    if (random.chance(REFUSED)) {
      receiver.refused += 1;
      response.writeHead(503).end();
      return;
    }
    const headers = request.headers as Record<string, string>;
    const { type, data } = JSON.parse(body) as { type: string; data: { id: string } };
    const isSigned = verifies(receiver.secret, body, headers);
    told.push({ id: headers['webhook-id'] ?? '', orderId: data.id, type, body, isSigned });
    response.writeHead(204).end();
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver = {
    url: `http://host.docker.internal:${port}/hook`,
    told,
    refused: 0,
    secret: '',
    close: () => void server.close(),
  };
  return receiver;
}

function verifies(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
