import { ENCODE_JOBS } from '@spillway/contracts';
import { openMessaging } from '@spillway/messaging';
import {
  adminApp,
  createEgress,
  createLogger,
  listen,
  type Program,
  runProgram,
} from '@spillway/runtime';
import { openStorage } from '@spillway/storage';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readEncoderConfig, readProgramConfig } from './config.ts';
import { metricsObserver, startVideoEncoder } from './index.ts';

const log = createLogger('video-encoder', 'info');

await runProgram(log, async (): Promise<Program> => {
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
  const checks = {
    broker: async () => void (await messaging.depth(ENCODE_JOBS)),
    storage: async () => void (await storage.head('readiness')),
  };
  const admin = await listen(adminApp({ registry, checks }), program.admin);
  log.info({ url: admin.url }, 'admin port');
  return {
    left: encoder.left,
    async close() {
      await encoder.close();
      await messaging.close();
      await egress.close();
      await admin.close();
    },
  };
});
