import { setTimeout as wait } from 'node:timers/promises';
import { answered, type SpillwayClient } from '@spillway/client';
import { hasEnded, type Order, QcReport } from '@spillway/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type Customer, insist, type Placed } from './customer.ts';
import type { AcceptedOrder, DeadLetterFound, Facts, FoundOrder } from './judge.ts';
import type { Receiver } from './receiver.ts';
import type { Stack } from './stack.ts';

const LOOK_MS = 2_000;
/** As long as nothing changes: a lost job is found after two minutes, a worker's silence after ten. */
const STILL_MS = 15 * 60_000;
/** The reconciler sweeps every 30 s what orders have left that ended a minute ago. */
const SWEPT_MS = 3 * 60_000;
const AT_ONCE = 8;

export interface AftermathParts {
  readonly stack: Stack;
  readonly customer: Customer;
  readonly receiver: Receiver;
  readonly placed: readonly Placed[];
  readonly log: (line: string) => void;
}

/** Waits until all has come to its end or stands still, and tells what there is then. */
export async function readAftermath(parts: AftermathParts): Promise<Facts> {
  const { customer, receiver, placed, stack, log } = parts;
  const { client } = customer;
  let said = '';
  await untilStill(async () => {
    const orders = await allOrders(client);
    const open = orders.filter(({ status }) => !hasEnded(status)).length;
    const told = new Set(receiver.told.map(({ orderId }) => orderId));
    const untold = placed.filter(({ id, planned }) => planned.hasWebhook && !told.has(id)).length;
    const line = `${open} orders are open, ${untold} receivers are not told`;
    if (line !== said) log(line);
    said = line;
    return open + untold;
  });
  const accepted = await inParts(placed, async ({ id, planned, body, wasCanceled }) => {
    const { kind, hasWebhook } = planned;
    const idOfRepetition = await customer.order(planned.key, body);
    return { id, kind, hasWebhook, wasCanceled, idOfRepetition } satisfies AcceptedOrder;
  });
  const found = await inParts(await allOrders(client), (order) => readOrder(client, order));
  const deadLetters = await readDeadLetters(client);
  const orphans = await readOrphans(client, stack, found);
  return { accepted, found, webhooks: receiver.told, deadLetters, orphans };
}

/** Until the count is 0, or has not changed for too long. */
async function untilStill(count: () => Promise<number>, patienceMs = STILL_MS): Promise<void> {
  let last = Number.NaN;
  let changedAt = performance.now();
  while (performance.now() - changedAt < patienceMs) {
    const now = await count();
    if (now === 0) return;
    if (now !== last) changedAt = performance.now();
    last = now;
    await wait(LOOK_MS);
  }
}

async function inParts<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(read))));
  }
  return results;
}

async function allOrders(client: SpillwayClient): Promise<Order[]> {
  const orders: Order[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = { limit: 100, ...(cursor !== '' && { cursor }) };
    const page: { orders: Order[]; nextCursor: string | null } = await insist(
      async (signal) =>
        (await answered(
          client.api.GET('/v1/orders', { params: { query }, signal }),
        )) as typeof page,
    );
    orders.push(...page.orders);
    cursor = page.nextCursor;
  }
  return orders;
}

async function readOrder(client: SpillwayClient, order: Order): Promise<FoundOrder> {
  const { id, status, error, playback } = order;
  const hlsUrl = playback?.hlsUrl ?? null;
  return {
    id,
    status,
    errorCode: error?.code ?? null,
    events: hasEnded(status) ? await insist((signal) => readEvents(client, id, signal)) : [],
    qcPassed: status === 'completed' && hlsUrl ? await readQc(hlsUrl) : null,
  };
}

/** Of an order that has ended: its stream ends too. */
async function readEvents(client: SpillwayClient, id: string, signal: AbortSignal) {
  const params = { path: { id } };
  const stream = await answered(
    client.api.GET('/v1/orders/{id}/events', { params, parseAs: 'stream', signal }),
  );
  const events: { sequence: number; type: string }[] = [];
  const parsed = (stream as unknown as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const event of parsed) {
    events.push({ sequence: Number(event.id), type: event.event ?? '' });
  }
  return events;
}

/** Null where the playlist or the report cannot be read. */
async function readQc(hlsUrl: string): Promise<boolean | null> {
  const [playlist, report] = await Promise.all([
    fetch(hlsUrl),
    fetch(hlsUrl.replace('master.m3u8', 'qc.json')),
  ]);
  await playlist.body?.cancel();
  if (!playlist.ok || !report.ok) return null;
  return QcReport.parse(await report.json()).passed;
}

async function readDeadLetters({ api }: SpillwayClient): Promise<DeadLetterFound[]> {
  const { queues } = await answered(api.GET('/v1/dead-letters'));
  const found = queues
    .filter(({ count }) => count > 0)
    .map(async ({ queue }) => {
      const params = { path: { queue }, query: { limit: 100 } };
      const { messages } = await answered(api.GET('/v1/dead-letters/{queue}', { params }));
      return messages.map(({ reason, attempts, body }) => ({
        queue,
        what: `${reason ?? 'nobody answered for it'} (${attempts} times): ${JSON.stringify(body).slice(0, 300)}`,
      }));
    });
  return (await Promise.all(found)).flat();
}

/** What a sweep would remove, once the timer's has been; and folders of orders that there are not. */
async function readOrphans(
  { api }: SpillwayClient,
  stack: Stack,
  found: readonly FoundOrder[],
): Promise<string[]> {
  let keys: string[] = [];
  await untilStill(async () => {
    const report = await answered(api.POST('/v1/sweep', { body: { dryRun: true } }));
    const { expired, leftovers, removed, orphans } = report;
    keys = [expired, leftovers, removed, orphans].flatMap((swept) => swept.keys);
    return keys.length;
  }, SWEPT_MS);
  const ids = new Set(found.map(({ id }) => id));
  const unknown = (await stack.files()).filter((path) => {
    const [, id] = /^objects\/orders\/([^/]+)\//.exec(path) ?? [];
    return id !== undefined && !ids.has(id);
  });
  return [...keys, ...unknown];
}
