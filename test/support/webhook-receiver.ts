import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** What it answers; 204 at first. */
  status: number;
  /** Resolves when so many have come. */
  count(wanted: number): Promise<void>;
  close(): void;
}

/** A customer's endpoint on loopback; or where containers reach it, by the name that they have for this machine. */
export async function receiveWebhooks(
  from: 'here' | 'containers' = 'here',
): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers as Record<string, string>, body });
    response.writeHead(receiver.status).end();
    server.emit('webhook');
  });
  server.listen(0, from === 'here' ? '127.0.0.1' : '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    status: 204,
    url: `http://${from === 'here' ? '127.0.0.1' : 'host.docker.internal'}:${port}/hook`,
    received,
    async count(wanted) {
      while (received.length < wanted) await once(server, 'webhook');
    },
    close: () => void server.close(),
  };
  return receiver;
}
