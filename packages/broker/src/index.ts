export { startBroker } from './broker.ts';
export type { Broker, BrokerEvent, BrokerOptions, Page, QueueDepth } from './options.ts';
export { FolderLockedError } from './store/lock.ts';
