import { openMessaging } from '@spillway/messaging';
import { adminApp, createLogger, listen, type Running, runProgram } from '@spillway/runtime';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { openTarget } from './adapters/targets.ts';
import { readAutoscalerConfig, readProgramConfig } from './config.ts';
import { startAutoscaler } from './index.ts';

const log = createLogger('autoscaler', 'info');

await runProgram(log, async (): Promise<Running> => {
  const program = readProgramConfig();
  log.level = program.logLevel;
  const config = readAutoscalerConfig();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const target = await openTarget(program.target, program.environment, log, registry);
  const messaging = openMessaging({ ...program, url: program.brokerUrl, log });
  const api = { url: program.apiUrl, key: program.apiKey };
  const autoscaler = startAutoscaler({ config, api, messaging, target, log, registry });
  const checks = { target: async () => void (await target.list()) };
  const admin = await listen(adminApp({ registry, checks }), program.admin);
  log.info({ url: admin.url }, 'admin port');
  return {
    async close() {
      await autoscaler.close();
      await target.close();
      await messaging.close();
      await admin.close();
    },
  };
});
