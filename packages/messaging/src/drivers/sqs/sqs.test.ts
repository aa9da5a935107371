import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '@spillway/broker';
import { createLogger } from '@spillway/runtime';
import { testMessaging } from '../../conformance/index.ts';
import type { Messaging } from '../../port.ts';
import { sqsDifferences } from './differences.ts';
import { createSqsMessaging } from './index.ts';

testMessaging({
  name: 'SQS and SNS of our broker',
  differences: sqsDifferences,
  async open() {
    const dataDir = await mkdtemp(join(tmpdir(), 'spillway-messaging-'));
    let broker = await startBroker({ dataDir });
    const { port, url } = broker;
    const opened: Messaging[] = [];
    const another = () => {
      const messaging = createSqsMessaging({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        log: createLogger('test', 'silent'),
      });
      opened.push(messaging);
      return messaging;
    };
    return {
      messaging: another(),
      another,
      async outage(during) {
        await broker.close();
        await during();
        broker = await startBroker({ dataDir, port });
      },
      async close() {
        await Promise.all(opened.map((messaging) => messaging.close()));
        await broker.close();
        await rm(dataDir, { recursive: true });
      },
    };
  },
});
