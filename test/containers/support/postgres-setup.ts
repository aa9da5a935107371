export { setup as default } from './postgres-of-tests.ts';
