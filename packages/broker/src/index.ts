export type { Broker, BrokerEvent, BrokerOptions, QueueDepth } from './options.ts';
