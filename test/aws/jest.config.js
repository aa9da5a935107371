// Apart from `npm test`: it needs Python, and runs the deploy command against an AWS that moto plays.
import config from '../../jest.config.js';

export default {
  ...config,
  rootDir: '../..',
  roots: ['<rootDir>/test/aws'],
  testMatch: ['**/*.aws.ts'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
