export * from './consume.ts';
export * from './verdicts.ts';
