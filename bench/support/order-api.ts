// The order API with its database and its broker, and no workers: a process of its own for a benchmark.
// --folder keeps its files there, so that it can be started again; otherwise they go with it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startBroker } from '@spillway/broker';
import { topology } from '@spillway/contracts';
import { migrate, openDatabase } from '@spillway/database';
import { createSqsMessaging } from '@spillway/messaging';
import { orderApiMigrations, readOrderApiConfig, startOrderApi } from '@spillway/order-api';
import { createEgress, createLogger, runProgram } from '@spillway/runtime';
import { openStorage } from '@spillway/storage';
import { Registry } from 'prom-client';

const log = createLogger('order-api', 'warn', process.stderr);

await runProgram(log, async () => {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      port: { type: 'string', default: '0' },
      'event-streams': { type: 'string' },
    },
  });
  const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'spillway-orders-')));
  const objects = pathToFileURL(join(folder, 'objects'));
  const broker = await startBroker({ dataDir: join(folder, 'broker') });
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const messaging = createSqsMessaging({
    endpoint: broker.url,
    region: 'us-east-1',
    credentials,
    log,
  });
  await messaging.declare(topology);
  const database = await openDatabase({ dataDir: join(folder, 'database') });
  await migrate(database, await orderApiMigrations());
  const api = await startOrderApi({
    config: readOrderApiConfig({
      PORT: values.port,
      SPILLWAY_EVENT_STREAMS: values['event-streams'],
      SPILLWAY_ALLOW_FILE_SOURCES: 'true',
      SPILLWAY_SECRET: 'the secret of a short benchmark run',
    }),
    database,
    messaging,
    storage: await openStorage(objects.href),
    egress: createEgress({ allow: ['127.0.0.1'] }),
    log,
    registry: new Registry(),
  });
  process.stdout.write(
    `ready on ${api.url}, broker on ${broker.url}, objects in ${objects.href}\n`,
  );
  return {
    async close() {
      await api.close();
      await messaging.close();
      await database.close();
      await broker.close();
      if (!values.folder) await rm(folder, { recursive: true, force: true });
    },
  };
});
