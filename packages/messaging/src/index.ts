export * from './consume/index.ts';
export { createSqsMessaging, type SqsOptions } from './drivers/sqs/index.ts';
export * from './message.ts';
export * from './open.ts';
export * from './port.ts';
