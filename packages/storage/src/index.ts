export { openStorage } from './open.ts';
export * from './port.ts';
