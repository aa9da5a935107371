import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
  readonly response: ServerResponse;
}

/** A customer's server on loopback, whose requests the test takes and answers one by one. */
export class Receiver {
  readonly #arrived: Received[] = [];
  readonly #takers: ((received: Received) => void)[] = [];
  readonly #server = createServer(async (request, response) => {
    const { headers, url: path = '' } = request;
    const received = { path, headers, body: await text(request), at: Date.now(), response };
    this.requests++;
    const taker = this.#takers.shift();
    if (taker) taker(received);
    else this.#arrived.push(received);
  });
  requests = 0;

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next request, not yet answered. */
  take(): Promise<Received> {
    const received = this.#arrived.shift();
    if (received) return Promise.resolve(received);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  async answer(status: number, headers: Record<string, string> = {}): Promise<Received> {
    const received = await this.take();
    received.response.writeHead(status, headers).end('thank you');
    return received;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
