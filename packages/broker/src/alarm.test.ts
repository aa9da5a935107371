import { expect, test } from '@jest/globals';
import { MemoryLog } from '../test/memory-log.ts';
import { Alarm } from './alarm.ts';
import type { BrokerEvent } from './options.ts';
import { Engine } from './queue/engine.ts';

test('what a full disk refuses is reported and does not end the process', async () => {
  const start = Date.now();
  let ahead = 0;
  const log = new MemoryLog();
  const engine = new Engine(
    log.journal,
    () => Date.now() + ahead,
    (name) => name,
    () => undefined,
  );
  const attributes = { MessageRetentionPeriod: '60' };
  const queue = engine.queues.save({
    ...{ number: engine.messages.takeSequence(), name: 'queue', attributes, tags: {} },
    ...{ createdAt: start, modifiedAt: start },
  });
  const content = { id: '0'.repeat(36), md5: '0'.repeat(32), body: '', group: '', dedupKey: '' };
  engine.send(queue, { ...content, meta: '', delay: 0 });
  ahead = 61_000;
  engine.send(queue, { ...content, meta: '', delay: 1 });
  log.full = true;
  const event = await new Promise<BrokerEvent>((resolve) => {
    const alarm = new Alarm(engine, resolve);
    alarm.set();
    setTimeout(() => alarm.stop(), 10_000).unref();
  });
  expect(event).toMatchObject({ level: 'error', details: { cause: 'Error: no space' } });
});
