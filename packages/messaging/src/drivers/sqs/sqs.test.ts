import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@spillway/runtime';
import { startFauxqs } from 'fauxqs';
import { testMessaging } from '../../conformance/index.ts';
import { sqsDifferences } from './differences.ts';
import { createSqsMessaging } from './index.ts';

testMessaging({
  name: 'SQS and SNS of fauxqs',
  differences: sqsDifferences,
  async open() {
    const dataDir = await mkdtemp(join(tmpdir(), 'spillway-messaging-'));
    let broker = await startFauxqs({ port: 0, logger: false, dataDir });
    const { port, address } = broker;
    const messaging = createSqsMessaging({
      endpoint: address,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      log: createLogger('test', 'silent'),
    });
    return {
      messaging,
      async outage(during) {
        await broker.stop();
        await during();
        broker = await startFauxqs({ port, logger: false, dataDir });
      },
      async close() {
        await messaging.close();
        await broker.stop();
        await rm(dataDir, { recursive: true });
      },
    };
  },
});
