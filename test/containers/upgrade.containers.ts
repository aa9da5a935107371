// An upgrade and the way back, under load: the release before this one and this one side by side, as
// docs/upgrades.md has it.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Order } from '@spillway/contracts';
import { makeClip } from '@spillway/media/testing';
import { createSqsMessaging } from '@spillway/messaging';
import { createLogger } from '@spillway/runtime';
import { eventually } from '../../packages/messaging/src/conformance/harness.ts';
import { type Customers, openCustomers } from './support/customers.ts';
import { deadLettersOf } from './support/fake-workers.ts';
import { type StartedPostgres, startPostgres } from './support/postgres.ts';
import { OURS, type Program, System } from './support/programs.ts';
import { checkOut, previousRelease } from './support/releases.ts';

const from = await previousRelease();
let folder: string;
let postgres: StartedPostgres;
let system: System;
let customers: Customers;
let oldCheckout: string;

const SERVICES = ['order-api', 'video-encoder', 'notifier'] as const;
type Service = (typeof SERVICES)[number];
/** Of one version, those that run. */
type Running = Partial<Record<Service, Program>>;
const old: Running = {};
const ours: Running = {};

beforeAll(async () => {
  if (from === null) return;
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-upgrade-'));
  const [, short] = await Promise.all([
    makeClip({ seconds: 24, width: 1920, height: 1080, folder, name: 'long.mp4' }),
    makeClip({ folder, name: 'short.mp4' }),
  ]);
  customers = await openCustomers([short, path.join(folder, 'long.mp4')]);
  postgres = await startPostgres();
  oldCheckout = await checkOut(from, path.join(folder, 'old'));
  system = await System.open(folder, postgres.url, oldCheckout);
}, 400_000);
afterAll(async () => {
  if (from === null) return;
  customers.close();
  await system.close();
  await postgres.remove();
  await rm(folder, { recursive: true, force: true });
});

async function start(which: Running, service: Service): Promise<void> {
  which[service] = await system.start(service, {
    checkout: which === old ? oldCheckout : OURS,
    name: `${service}-${which === old ? 'old' : 'ours'}`,
    env: { SPILLWAY_ENCODER_SLOTS: '1' },
  });
}

/** As an orchestrator does: SIGTERM, and it must end by itself. */
async function stop(which: Running, service: Service): Promise<void> {
  const program = which[service];
  delete which[service];
  expect(await program?.stop()).toBe(0);
}

const apis = (): string[] =>
  [old['order-api'], ours['order-api']].flatMap((program) => (program ? [program.url] : []));

/** Orders at every API that is there; resolves when the customers were told that they are done. */
async function orderAndWait(): Promise<void> {
  const urls = apis();
  const ids = await Promise.all(
    urls.flatMap((url) => Array.from({ length: 5 }, () => customers.order('short.mp4', [url]))),
  );
  await customers.untilTold(ids);
}

const title =
  from === null
    ? 'left out: no release tag; SPILLWAY_UPGRADE_FROM names another commit'
    : `from ${from} to this version and back, side by side: nothing lost, nothing put aside`;

(from === null ? test.skip : test)(
  title,
  async () => {
    // All of the older version.
    if (existsSync(path.join(oldCheckout, 'services/order-api/src/migrate.ts'))) {
      expect((await system.migrate(oldCheckout)).code).toBe(0);
    }
    for (const service of SERVICES) await start(old, service);
    await orderAndWait();

    // The schema first: the older programs go on with it.
    const long = await customers.order('long.mp4', apis());
    expect((await system.migrate()).code).toBe(0);
    await orderAndWait();
    await start(ours, 'order-api');
    await orderAndWait();
    await system.restartBroker(OURS);
    await start(ours, 'video-encoder');
    await start(ours, 'notifier');
    await orderAndWait();
    for (const service of SERVICES) await stop(old, service);
    await orderAndWait();

    // And back, on the newer schema.
    const back = await customers.order('long.mp4', apis());
    for (const service of SERVICES) await start(old, service);
    await orderAndWait();
    for (const service of SERVICES) await stop(ours, service);
    await system.restartBroker(oldCheckout);
    await orderAndWait();

    await customers.untilTold([long, back]);
    await expectWhole();
  },
  900_000,
);

async function expectWhole(): Promise<void> {
  const [api] = apis();
  for (const id of customers.ordered) {
    const order = (await (await fetch(`${api}/v1/orders/${id}`)).json()) as Order;
    expect(order).toMatchObject({ id, status: 'completed', error: null });
    const ids = new Set(customers.toldOf(id).map(({ type }) => type));
    expect([...ids]).toEqual(['order.completed']);
  }
  const count = await postgres.sql('SELECT count(*) FROM orders');
  expect(count).toBe(String(customers.ordered.length));
  const gaps = await postgres.sql(
    `SELECT id FROM orders JOIN events ON order_id = id GROUP BY id, orders.sequence
     HAVING count(*) <> orders.sequence OR max(events.sequence) <> orders.sequence`,
  );
  expect(gaps).toBe('');
  await eventually(async () => (await postgres.sql('SELECT count(*) FROM outbox')) === '0');
  const messaging = createSqsMessaging({
    endpoint: system.brokerUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    log: createLogger('test', 'silent'),
  });
  const dead = await deadLettersOf(messaging).finally(() => messaging.close());
  expect(Object.entries(dead).filter(([, messages]) => messages > 0)).toEqual([]);
}
