import { topology } from '@spillway/contracts';
import { openDatabase } from '@spillway/database';
import { openMessaging } from '@spillway/messaging';
import {
  adminApp,
  createEgress,
  createLogger,
  listen,
  type Running,
  runProgram,
} from '@spillway/runtime';
import { openStorage } from '@spillway/storage';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { untilMigrated } from './adapters/sql/schema.ts';
import { readOrderApiConfig, readProgramConfig } from './config.ts';
import { readinessChecks, startOrderApi } from './index.ts';

const log = createLogger('order-api', 'info');

await runProgram(log, async (): Promise<Running> => {
  const program = readProgramConfig();
  log.level = program.logLevel;
  const config = readOrderApiConfig();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const onProblem = (err: Error) => log.error({ err }, 'the database had a problem');
  const database = await openDatabase(
    { url: program.databaseUrl },
    { onProblem, connections: program.databaseConnections },
  );
  const storage = await openStorage(program.storageUrl);
  const messaging = openMessaging({ ...program, url: program.brokerUrl, log });
  await messaging.declare(topology);
  const egress = createEgress({ allow: config.egressAllow });
  const parts = { config, database, messaging, storage, egress, log, registry };
  let waitsFor: string | null = 'The API is about to start.';
  const start = async () => {
    if (waitsFor !== null) throw new Error(waitsFor);
  };
  const checks = { ...readinessChecks(parts), start };
  const admin = await listen(adminApp({ registry, checks }), program.admin);
  log.info({ url: admin.url }, 'admin port');
  await untilMigrated(database, (reason) => {
    waitsFor = reason;
    log.warn(reason);
  });
  const api = await startOrderApi(parts);
  waitsFor = null;
  return {
    async close() {
      await api.close();
      await messaging.close();
      await egress.close();
      await database.close();
      await admin.close();
    },
  };
});
