// Apart from `npm test`: it needs Docker, and starts real brokers and databases in it.
import { fileURLToPath } from 'node:url';
import config from '../../jest.config.js';

const { testTimeout: _ofUnits, maxWorkers: _ofAll, workerIdleMemoryLimit, ...project } = config;
const rootDir = fileURLToPath(new URL('../..', import.meta.url));

export default {
  testTimeout: 120_000,
  maxWorkers: 1,
  workerIdleMemoryLimit,
  projects: [
    {
      ...project,
      displayName: 'containers',
      rootDir,
      roots: ['<rootDir>/test/containers'],
      testMatch: ['**/*.containers.ts'],
    },
    {
      ...project,
      // What runs on PGlite in `npm test`, and what only a server can show.
      displayName: 'Postgres 17',
      rootDir,
      roots: ['<rootDir>/packages/database', '<rootDir>/services/order-api'],
      testPathIgnorePatterns: ['/node_modules/', '/domain/', '/pglite\\.test\\.ts$'],
      globalSetup: '<rootDir>/test/containers/support/postgres-setup.ts',
      globalTeardown: '<rootDir>/test/containers/support/postgres-teardown.ts',
    },
  ],
};
