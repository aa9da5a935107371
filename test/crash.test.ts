// Law 1 and law 2 with the real program: kill -9 in the middle of an encode loses and doubles nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { makeClip } from '@spillway/media/testing';
import { acceptedOrder, orderEnd, orderWhen, postOrder } from './support/orders.ts';
import { startSpillway } from './support/spillway.ts';
import { receiveWebhooks } from './support/webhook-receiver.ts';

test('orders in every state outlive kill -9, and each is told once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-crash-'));
  const dataDir = join(folder, 'data');
  const receiver = await receiveWebhooks();
  const long = await makeClip({ seconds: 25, width: 1280, height: 720, name: 'long.mp4', folder });
  const short = await makeClip({ folder });
  const orderFor = (clip: string) => ({
    source: { url: pathToFileURL(clip).href },
    webhook: { url: receiver.url },
  });

  const first = await startSpillway(dataDir);
  const finished = await acceptedOrder(first.url, orderFor(short));
  await orderEnd(first.url, finished.id);
  const encoding = await acceptedOrder(first.url, orderFor(long));
  await orderWhen(first.url, encoding.id, ({ progress }) => progress > 0);
  const posts = Array.from({ length: 20 }, () => acceptedOrder(first.url, orderFor(short)));
  const waiting = await Promise.all(posts);
  const unanswered = postOrder(first.url, orderFor(short)).catch(() => null);
  await first.kill();
  await unanswered;

  const second = await startSpillway(dataDir);
  try {
    const ids = [finished, encoding, ...waiting].map(({ id }) => id);
    for (const id of ids) expect((await orderEnd(second.url, id)).status).toBe('completed');
    await receiver.count(ids.length);
    const told = new Map(
      receiver.received.map(({ headers, body }) => [
        headers['webhook-id'],
        (JSON.parse(body) as { data: { id: string } }).data.id,
      ]),
    );
    // At least once by delivery, exactly once by id: no order has a second id.
    expect([...told.values()].filter((id) => ids.includes(id)).sort()).toEqual(ids.toSorted());
  } finally {
    await second.stop();
    receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
