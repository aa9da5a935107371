import { createLogger } from '@spillway/runtime';
import { testMessaging } from '../../packages/messaging/src/conformance/index.ts';
import { amqpDifferences } from '../../packages/messaging/src/drivers/amqp/differences.ts';
import { createAmqpMessaging } from '../../packages/messaging/src/drivers/amqp/index.ts';
import type { Messaging } from '../../packages/messaging/src/port.ts';
import { startRabbitMq } from './support/rabbitmq.ts';

testMessaging({
  name: 'RabbitMQ 4, with its management API',
  differences: amqpDifferences,
  async open() {
    const broker = await startRabbitMq();
    const opened: Messaging[] = [];
    const another = () => {
      const messaging = createAmqpMessaging({
        urls: [broker.url],
        managementUrl: broker.managementUrl,
        log: createLogger('test', 'silent'),
      });
      opened.push(messaging);
      return messaging;
    };
    return {
      messaging: another(),
      another,
      async outage(during) {
        await broker.kill();
        await during();
        await broker.start();
      },
      async close() {
        await Promise.all(opened.map((messaging) => messaging.close()));
        await broker.remove();
      },
    };
  },
});
