// Apart from `npm test`: it needs a browser, and plays films at their own speed.
import config from '../../jest.config.js';

export default {
  ...config,
  rootDir: '../..',
  roots: ['<rootDir>/test/browser'],
  testMatch: ['**/*.browser.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
