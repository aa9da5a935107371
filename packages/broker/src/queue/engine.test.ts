import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryLog } from '../../test/memory-log.ts';
import { Engine, type Receipt } from './engine.ts';
import type { Queue } from './queue.ts';
import { Replay } from './replay.ts';
import { attributeDefaults } from './settings.ts';

// The engine against a reference model: a plain list of messages, looked through anew each time.

interface Expected {
  body: string;
  group: string;
  visibleAt: number;
  receives: number;
  receipt: Receipt | undefined;
}

type Step =
  | { kind: 'send'; group: string; delay: number }
  | { kind: 'receive'; max: number; timeout: number }
  | { kind: 'remove'; index: number }
  | { kind: 'change'; index: number; timeout: number }
  | { kind: 'advance'; by: number }
  | { kind: 'restart' }
  | { kind: 'compact' }
  | { kind: 'purge' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      group: fc.constantFrom('a', 'b', 'c'),
      delay: fc.constantFrom(0, 0, 5),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      max: fc.integer({ min: 1, max: 5 }),
      timeout: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), index: fc.nat(8) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      index: fc.nat(8),
      timeout: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      by: fc.integer({ min: 1, max: 10 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
);

class World {
  time = 1_000_000;
  engine: Engine;
  expected: Expected[] = [];
  #sent = 0;
  readonly #log = new MemoryLog();
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    this.engine = this.#newEngine();
    this.engine.queues.save({
      number: this.engine.messages.takeSequence(),
      name,
      attributes: { ...attributeDefaults },
      tags: {},
      createdAt: 0,
      modifiedAt: 0,
    });
  }

  get queue(): Queue {
    return this.engine.queues.get(this.#name) as Queue;
  }

  run(todo: Step): void {
    if (todo.kind === 'send') this.#send(todo.group, todo.delay * 1000);
    else if (todo.kind === 'receive') this.#receive(todo.max, todo.timeout * 1000);
    else if (todo.kind === 'remove') this.#remove(todo.index);
    else if (todo.kind === 'change') this.#change(todo.index, todo.timeout * 1000);
    else if (todo.kind === 'advance') this.time += todo.by * 1000;
    else if (todo.kind === 'restart') this.restart();
    else if (todo.kind === 'compact') this.#compact();
    else this.#purge();
    this.#checkDepth();
  }

  #newEngine(): Engine {
    return new Engine(
      this.#log.journal,
      () => this.time,
      (name) => `arn:${name}`,
      (error) => {
        throw error;
      },
    );
  }

  #send(group: string, delay: number): void {
    this.#sent += 1;
    const body = String(this.#sent);
    const content = {
      id: body.padStart(36, '0'),
      md5: '0'.repeat(32),
      body,
      group,
      dedupKey: '',
      meta: '',
    };
    this.engine.send(this.queue, { ...content, delay });
    const state = { visibleAt: this.time + delay, receives: 0, receipt: undefined };
    this.expected.push({ body, group, ...state });
  }

  /** What may be received: in a FIFO queue, of each group what stands before its first hidden one. */
  #available(): Expected[] {
    const blocked = new Set<string>();
    return this.expected.filter((message) => {
      const visible = message.visibleAt <= this.time;
      if (!visible) blocked.add(message.group);
      return visible && !(this.queue.fifo && blocked.has(message.group));
    });
  }

  #receive(max: number, timeout: number): void {
    const available = this.#available();
    const slots = this.engine.receive(this.queue, max, timeout);
    expect(slots).toHaveLength(Math.min(max, available.length));
    const taken = new Map<string, number>();
    for (const slot of slots) {
      const { body, group, sequence, receives } = this.engine.messages.read(slot);
      const ofGroup = available.filter((message) => message.group === group);
      const message = this.queue.fifo
        ? ofGroup[taken.get(group) ?? 0]
        : available.find((candidate) => candidate.body === body);
      expect(message?.body).toBe(body);
      if (!message) return;
      taken.set(group, (taken.get(group) ?? 0) + 1);
      message.receives += 1;
      message.visibleAt = this.time + timeout;
      message.receipt = { queue: this.queue.number, slot, sequence, receives };
      expect(receives).toBe(message.receives);
    }
  }

  #received(index: number): Expected | undefined {
    const received = this.expected.filter(({ receipt }) => receipt);
    return received[index % Math.max(received.length, 1)];
  }

  #remove(index: number): void {
    const message = this.#received(index);
    if (!message?.receipt) return;
    const expired = this.queue.fifo && message.visibleAt <= this.time;
    const outcome = this.engine.remove(this.queue, message.receipt);
    expect(outcome).toBe(expired ? 'expired' : 'removed');
    if (!expired) this.expected = this.expected.filter((other) => other !== message);
  }

  #change(index: number, timeout: number): void {
    const message = this.#received(index);
    if (!message?.receipt) return;
    const expired = this.queue.fifo && message.visibleAt <= this.time;
    const outcome = this.engine.changeVisibility(this.queue, message.receipt, timeout);
    expect(outcome).toBe(expired ? 'expired' : 'changed');
    if (!expired) message.visibleAt = this.time + timeout;
  }

  restart(): void {
    this.engine = this.#newEngine();
    const replay = new Replay(this.engine);
    this.#log.replay(replay);
    replay.finish();
  }

  /** Every message is written again, as compaction would, and then read. */
  #compact(): void {
    const { table } = this.engine.messages;
    for (let slot = 0; slot < table.used; slot += 1) {
      this.engine.rewriteMessage(slot, table.position.get(slot));
    }
    this.restart();
  }

  #purge(): void {
    this.engine.purge(this.queue);
    this.expected = [];
  }

  #checkDepth(): void {
    this.engine.advance();
    const hidden = this.expected.filter(({ visibleAt }) => visibleAt > this.time);
    const { waiting, inFlight, delayed } = this.queue;
    const inFlightExpected = hidden.filter(({ receives }) => receives > 0).length;
    expect({ waiting, inFlight, delayed }).toEqual({
      waiting: this.expected.length - hidden.length,
      inFlight: inFlightExpected,
      delayed: hidden.length - inFlightExpected,
    });
  }
}

describe.each(['standard', 'ordered.fifo'])('a %s queue', (name) => {
  test('does what the reference model does, whatever comes, restarts included', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const world = new World(name);
        for (const todo of steps) world.run(todo);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a fair queue', () => {
  test('serves quiet tenants before one that holds many messages in flight', () => {
    const world = new World('shared');
    const send = (group: string, count: number) => {
      for (let sent = 0; sent < count; sent += 1) world.run({ kind: 'send', group, delay: 0 });
    };
    send('a', 50);
    for (let turn = 0; turn < 8; turn += 1) world.run({ kind: 'receive', max: 5, timeout: 60 });
    send('b', 3);
    const groups = world.engine
      .receive(world.queue, 5, 60_000)
      .map((slot) => world.engine.messages.read(slot).group);
    expect(groups).toEqual(['b', 'b', 'b', 'a', 'a']);
  });
});

describe('messages in flight', () => {
  test.each(['standard', 'ordered.fifo'])('of a %s queue are at most 120,000', (name) => {
    const limit = 120_000;
    const { engine, queue } = new World(name);
    for (let sent = 0; sent <= limit; sent += 1) {
      const id = String(sent).padStart(36, '0');
      const content = { id, md5: '0'.repeat(32), body: '', dedupKey: '', meta: '', delay: 0 };
      engine.send(queue, { ...content, group: name === 'standard' ? '' : String(sent % 1000) });
    }
    expect(engine.receive(queue, limit + 1, 60_000)).toHaveLength(limit);
    expect(engine.receive(queue, 10, 60_000)).toEqual([]);
    expect(queue).toMatchObject({ waiting: 1, inFlight: limit });
  });
});

describe('retention', () => {
  test('drops what is older than the queue keeps, waiting or back from a lease', () => {
    const world = new World('standard');
    world.run({ kind: 'send', group: '', delay: 0 });
    world.run({ kind: 'send', group: '', delay: 0 });
    world.engine.receive(world.queue, 1, 1000);
    world.time += Number(attributeDefaults.MessageRetentionPeriod) * 1000;
    expect(world.engine.receive(world.queue, 10, 1000)).toEqual([]);
    expect(world.queue.waiting).toBe(0);
  });
});

describe('deduplication', () => {
  test('of a dead-letter queue is not told of sends to its source by compaction and a restart', () => {
    const world = new World('dead.fifo');
    const policy = { deadLetterTargetArn: 'arn:dead.fifo', maxReceiveCount: 1 };
    const source = world.engine.queues.save({
      ...world.queue.document,
      number: world.engine.messages.takeSequence(),
      name: 'jobs.fifo',
      attributes: { ...attributeDefaults, RedrivePolicy: JSON.stringify(policy) },
    });
    const content = { id: '1'.padStart(36, '0'), md5: '0'.repeat(32), body: 'x', group: 'g' };
    world.engine.send(source, { ...content, dedupKey: 'qx', meta: '', delay: 0 });
    const [slot = -1] = world.engine.receive(source, 1, 0);
    world.engine.receive(source, 1, 0);
    expect(world.queue.waiting).toBe(1);
    world.engine.rewriteMessage(slot, world.engine.messages.table.position.get(slot));
    world.restart();
    const knows = (name: string) =>
      world.engine.queues.get(name)?.dedup.find('x', 'g', false, world.time) !== undefined;
    expect([knows('jobs.fifo'), knows('dead.fifo')]).toEqual([true, false]);
  });
});
