import type { Differences } from '../../conformance/types.ts';

export const amqpDifferences: Differences = {
  unfairGroups: 'RabbitMQ gives out a queue in the order of arrival, whoever sent the messages',
};
