import { ENCODE_JOBS } from '@spillway/contracts';
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
import { readEncoderConfig, readProgramConfig } from './config.ts';
import { metricsObserver, startVideoEncoder } from './index.ts';

const log = createLogger('video-encoder', 'info');

await runProgram(log, async (): Promise<Running> => {
  const program = readProgramConfig();
  log.level = program.logLevel;
  const config = readEncoderConfig();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const storage = await openStorage(program.storageUrl);
  const messaging = openMessaging({ ...program, url: program.brokerUrl, log });
  const egress = createEgress({ allow: config.egressAllow });
  const observer = metricsObserver(registry);
  const encoder = await startVideoEncoder({ config, messaging, storage, egress, log, observer });
  // Like a stop from outside: everything is closed, and the program ends with 0.
  void encoder.left.then(() => process.kill(process.pid, 'SIGTERM'));
  const checks = {
    broker: async () => void (await messaging.depth(ENCODE_JOBS)),
    storage: async () => void (await storage.head('readiness')),
  };
  const admin = await listen(adminApp({ registry, checks }), program.admin);
  log.info({ url: admin.url }, 'admin port');
  return {
    async close() {
      await encoder.close();
      await messaging.close();
      await egress.close();
      await admin.close();
    },
  };
});
