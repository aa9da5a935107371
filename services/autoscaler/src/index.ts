export type { LaunchAnswer, Refusal, Worker, WorkerTarget } from './app/ports.ts';
export { type AutoscalerConfig, readAutoscalerConfig } from './config.ts';
