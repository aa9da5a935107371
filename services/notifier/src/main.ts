import { NOTIFICATIONS } from '@spillway/contracts';
import { openMessaging } from '@spillway/messaging';
import { adminApp, createLogger, listen, runProgram } from '@spillway/runtime';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { readNotifierConfig, readProgramConfig } from './config.ts';
import { startNotifier } from './index.ts';

const log = createLogger('notifier', 'info');

await runProgram(log, async () => {
  const program = readProgramConfig();
  log.level = program.logLevel;
  const config = readNotifierConfig();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const messaging = openMessaging({ ...program, url: program.brokerUrl, log });
  const notifier = startNotifier({ config, messaging, log, registry });
  const checks = { broker: async () => void (await messaging.depth(NOTIFICATIONS)) };
  const admin = await listen(adminApp({ registry, checks }), program.admin);
  log.info({ url: admin.url }, 'admin port');
  return {
    async close() {
      await notifier.close();
      await messaging.close();
      await admin.close();
    },
  };
});
