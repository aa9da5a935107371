export * from './admin.ts';
export * from './backoff.ts';
export * from './config.ts';
export * from './log.ts';
export * from './problems.ts';
export * from './program.ts';
export * from './server.ts';
export * from './trace.ts';
