export * from './consume.ts';
export type { Outcome as HandlingOutcome } from './outcome.ts';
export * from './verdicts.ts';
