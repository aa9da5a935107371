export { teardown as default } from './postgres-of-tests.ts';
