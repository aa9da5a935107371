import { expect, test } from '@jest/globals';
import { MemoryLog } from '../../test/memory-log.ts';
import type { BrokerEvent } from '../options.ts';
import { Engine } from '../queue/engine.ts';
import { Replay } from '../queue/replay.ts';
import { MoveTasks } from './move-tasks.ts';

const failOnDamage = (error: Error): void => {
  throw error;
};

/** A dead-letter queue with messages, a task that moves them, and a clock that is ahead by a second. */
function world() {
  const log = new MemoryLog();
  const events: BrokerEvent[] = [];
  let time = 1_000_000;
  const newEngine = () =>
    new Engine(
      log.journal,
      () => time,
      (name) => `arn:${name}`,
      failOnDamage,
    );
  const engine = newEngine();
  const create = (name: string) => {
    const document = { number: engine.messages.takeSequence(), name, attributes: {}, tags: {} };
    return engine.queues.save({ ...document, createdAt: 0, modifiedAt: 0 });
  };
  const [dead] = [create('dead'), create('revived')];
  for (let sent = 0; sent < 20; sent += 1) {
    const body = String(sent);
    const content = { id: body.padStart(36, '0'), md5: '0'.repeat(32), body, group: '' };
    engine.send(dead, { ...content, dedupKey: '', meta: '', delay: 0 });
  }
  let turnEnded = (): void => undefined;
  const tasks = new MoveTasks(
    engine,
    (event) => events.push(event),
    (callback) => {
      callback();
      turnEnded();
    },
  );
  const turn = () =>
    new Promise<void>((resolve) => {
      turnEnded = resolve;
      time += 100;
    });
  return { log, events, newEngine, engine, dead, tasks, turn };
}

test('wherever a crash cuts a turn, each message is in one place and the task knows how many it moved', async () => {
  const { log, newEngine, dead, tasks, turn } = world();
  tasks.start(dead, 'arn:revived', 100);
  const before = log.length;
  await turn();
  tasks.stop();
  const end = log.length;
  expect(end).toBe(before + 11); // ten messages, and the progress
  for (let cut = before; cut <= end; cut += 1) {
    const engine = newEngine();
    const replay = new Replay(engine);
    log.replay(replay, cut);
    replay.finish();
    const bodies: string[] = [];
    for (const queue of engine.queues.all()) {
      for (const slot of engine.receive(queue, 100, 1000)) {
        bodies.push(engine.messages.read(slot).body);
      }
    }
    expect(bodies.sort()).toEqual(Array.from({ length: 20 }, (_, index) => String(index)).sort());
    const recovered = new MoveTasks(engine, failOnEvent, (callback) => callback());
    recovered.stop();
    const moved = Math.min(cut - before, 10);
    expect(engine.queues.get('revived')?.inFlight).toBe(moved);
    expect(recovered.of('arn:dead')).toMatchObject([{ status: 'RUNNING', moved }]);
  }
});

test('a task that a full disk holds up says so once, and once that it goes on, and counts all the same', async () => {
  const { log, events, dead, tasks, turn } = world();
  tasks.start(dead, 'arn:revived', 50);
  await turn();
  log.full = true;
  for (let turns = 0; turns < 3; turns += 1) await turn();
  expect(events).toMatchObject([{ level: 'error', message: 'a move task is held up' }]);
  log.full = false;
  await turn();
  expect(events.slice(1)).toMatchObject([{ level: 'info', message: 'a move task goes on' }]);
  while (tasks.of('arn:dead')[0]?.status === 'RUNNING') await turn();
  tasks.stop();
  expect(tasks.of('arn:dead')).toMatchObject([{ status: 'COMPLETED', moved: 20 }]);
});

function failOnEvent({ message }: BrokerEvent): void {
  throw new Error(message);
}
