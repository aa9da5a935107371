import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Receipt } from '../queue/engine.ts';
import type { Queue } from '../queue/queue.ts';
import { attributeDefaults } from '../queue/settings.ts';
import { openStore, type Store } from './open.ts';

// Whatever was done before, compaction included, a start finds everything as it was.

const sources: Record<string, string> = { jobs: 'dead', 'jobs.fifo': 'dead.fifo' };
const names = ['dead', 'dead.fifo', ...Object.keys(sources)];

const kinds = [
  ...Array<'send'>(6).fill('send'),
  ...Array<'receive'>(5).fill('receive'),
  ...Array<'remove'>(4).fill('remove'),
  ...(['give back', 'move', 'advance', 'compact', 'restart', 'purge', 'create again'] as const),
];

interface Step {
  kind: (typeof kinds)[number];
  queue: string;
  /** What it means depends on the kind. */
  number: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  queue: fc.constantFrom(...names),
  number: fc.nat(20),
});

class World {
  readonly #folder = mkdtempSync(join(tmpdir(), 'spillway-restart-'));
  #time = 1_000_000_000;
  #store: Store = this.#open();
  #sent = 0;
  #receipts: { queue: string; receipt: Receipt }[] = [];

  constructor() {
    for (const name of names) this.#create(name);
  }

  async run({ kind, queue: name, number }: Step): Promise<void> {
    const { engine, compactor, log } = this.#store;
    const queue = engine.queues.get(name) as Queue;
    if (kind === 'send') this.#send(queue, number);
    else if (kind === 'receive') this.#receive(queue, number);
    else if (kind === 'remove') this.#remove(number);
    else if (kind === 'give back') this.#giveBack(number);
    else if (kind === 'move') this.#move(queue);
    else if (kind === 'advance') this.#time += number * 1000;
    else if (kind === 'restart') await this.restart();
    else if (kind === 'purge' && number < 3) engine.purge(queue);
    else if (kind === 'create again' && number < 3) {
      engine.deleteQueue(queue);
      this.#create(name);
    } else if (kind === 'compact') {
      compactor.runIfDue();
      await log.written();
    }
  }

  async restart(): Promise<void> {
    const before = this.#contents();
    await this.#store.close();
    this.#store = this.#open();
    expect(this.#contents()).toEqual(before);
  }

  async remove(): Promise<void> {
    await this.#store.close();
    rmSync(this.#folder, { recursive: true });
  }

  #open(): Store {
    return openStore({
      folder: this.#folder,
      durable: false,
      now: () => this.#time,
      arnOf: (name) => `arn:${name}`,
      report: ({ message }) => {
        throw new Error(message);
      },
      maxSegmentBytes: 1024 * 1024,
    });
  }

  #create(name: string): void {
    const { engine } = this.#store;
    const target = sources[name];
    const policy = { deadLetterTargetArn: `arn:${target}`, maxReceiveCount: 2 };
    engine.queues.save({
      number: engine.messages.takeSequence(),
      name,
      attributes: {
        ...attributeDefaults,
        ...(target && { RedrivePolicy: JSON.stringify(policy) }),
      },
      ...{ tags: {}, createdAt: 0, modifiedAt: 0 },
    });
  }

  #send(queue: Queue, number: number): void {
    this.#sent += 1;
    const body = `${this.#sent} `.padEnd(number * 3000, 'x');
    const fifo = queue.fifo ? { group: `g${number % 3}`, dedupKey: `q${this.#sent}` } : undefined;
    const content = { id: body.slice(0, 36).padEnd(36), md5: '0'.repeat(32), body, meta: '' };
    const delay = number === 0 ? 5000 : 0;
    this.#store.engine.send(queue, { group: '', dedupKey: '', ...content, ...fifo, delay });
  }

  #receive(queue: Queue, number: number): void {
    const { engine } = this.#store;
    for (const slot of engine.receive(queue, 1 + (number % 10), number * 1000)) {
      const { sequence, receives } = engine.messages.read(slot);
      const receipt = { queue: queue.number, slot, sequence, receives };
      this.#receipts.push({ queue: queue.name, receipt });
    }
  }

  #taken(number: number): { queue: Queue; receipt: Receipt }[] {
    const taken = this.#receipts.splice(number % Math.max(this.#receipts.length, 1), 3);
    return taken.flatMap(({ queue: name, receipt }) => {
      const queue = this.#store.engine.queues.get(name);
      return queue ? [{ queue, receipt }] : [];
    });
  }

  #remove(number: number): void {
    const { engine } = this.#store;
    for (const { queue, receipt } of this.#taken(number)) engine.remove(queue, receipt);
  }

  #giveBack(number: number): void {
    const { engine } = this.#store;
    for (const { queue, receipt } of this.#taken(number)) {
      engine.changeVisibility(queue, receipt, 0);
    }
  }

  #move(queue: Queue): void {
    const { engine } = this.#store;
    for (let moved = 0; moved < 3; moved += 1) {
      engine.redrive(queue, (from) => engine.queues.byArn(from ?? ''));
    }
  }

  #contents(): object[] {
    const { engine } = this.#store;
    engine.advance();
    const { table, lanes } = engine.messages;
    return names.map((name) => {
      const queue = engine.queues.get(name) as Queue;
      const { waiting, inFlight, delayed } = queue;
      const messages: object[] = [];
      for (let slot = 0; slot < table.used; slot += 1) {
        if (table.sequence.get(slot) === 0 || lanes.get(slot).queue !== queue) continue;
        const { visibleAt, ...message } = engine.messages.read(slot);
        const visible = queue.isVisible(slot);
        messages.push({
          ...message,
          slot,
          body: message.body.length,
          ...(!visible && { visibleAt }),
        });
      }
      const sends = Array.from({ length: this.#sent }, (_, index) => {
        const first = queue.dedup.find(String(index + 1), '', false, this.#time);
        return first && [first.id, first.sequence, first.sentAt];
      });
      return { name, waiting, inFlight, delayed, messages, sends };
    });
  }
}

test('a restart changes nothing, whatever came before it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 300, size: 'max' }), async (steps) => {
      const world = new World();
      try {
        for (const todo of steps) await world.run(todo);
        await world.restart();
      } finally {
        await world.remove();
      }
    }),
    { numRuns: 50 },
  );
});
