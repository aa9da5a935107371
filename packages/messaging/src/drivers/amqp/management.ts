import * as z from 'zod';

const Queue = z.object({ messages_unacknowledged: z.number().default(0) });
const Bindings = z.array(z.object({ arguments: z.record(z.string(), z.string()) }));

/** What AMQP itself does not tell, from RabbitMQ's management plugin. */
export class Management {
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #vhost: string;

  /** `url` may hold a name and a password; the vhost is that of the broker's address. */
  constructor(url: string, brokerUrl: string) {
    const { origin, pathname, username, password } = new URL(url);
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#base = `${origin}${pathname.replace(/\/$/, '')}/api`;
    this.#headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    this.#vhost = vhostOf(brokerUrl);
  }

  /** In the hands of all consumers; RabbitMQ counts every five seconds. */
  async inFlight(queue: string): Promise<number> {
    const path = `/queues/${this.#vhost}/${encodeURIComponent(queue)}`;
    return Queue.parse(await this.#get(path)).messages_unacknowledged;
  }

  /** The arguments of each binding of the queue to the exchange. */
  async bindings(exchange: string, queue: string): Promise<Record<string, string>[]> {
    const [from, to] = [exchange, queue].map(encodeURIComponent);
    const found = await this.#get(`/bindings/${this.#vhost}/e/${from}/q/${to}`);
    return Bindings.parse(found).map((binding) => binding.arguments);
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(this.#base + path, {
      headers: this.#headers,
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`The management API answered ${response.status} to ${path}`);
    return response.json();
  }
}

/** `amqp://host` is the vhost "/", whose name is written %2F; so is that of `amqp://host/%2F`. */
const vhostOf = (brokerUrl: string): string => new URL(brokerUrl).pathname.slice(1) || '%2F';
