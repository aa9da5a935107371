// Apart from `npm test`: it needs Docker, and starts real brokers in it.
import config from '../../jest.config.js';

export default {
  ...config,
  rootDir: '../..',
  roots: ['<rootDir>/test/containers'],
  testMatch: ['**/*.containers.ts'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
