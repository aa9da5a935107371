import type { QueueSpec, Topology } from '@spillway/contracts';

/** What RabbitMQ does not keep for us: leases, most deliveries, and which queues and topics are ordered. */
export class Specs {
  readonly #queues = new Map<string, QueueSpec>();
  readonly #orderedTopics = new Set<string>();

  learn({ queues, topics }: Pick<Topology, 'queues' | 'topics'>): void {
    for (const queue of queues) this.#queues.set(queue.name, queue);
    for (const { name, ordered } of topics) {
      if (ordered) this.#orderedTopics.add(name);
      else this.#orderedTopics.delete(name);
    }
  }

  /** A dead-letter queue has no spec of its own: whoever reads it has as long as it likes to. */
  queue(name: string): QueueSpec {
    return (
      this.#queues.get(name) ?? {
        name,
        ordered: false,
        leaseSeconds: 60,
        maxDeliveries: Number.POSITIVE_INFINITY,
      }
    );
  }

  hasParking(queue: string): boolean {
    return this.#queues.get(queue)?.ordered === false;
  }

  isOrderedTopic(name: string): boolean {
    return this.#orderedTopics.has(name);
  }
}
