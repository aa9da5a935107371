// ESM needs --experimental-vm-modules (see "test" in package.json); without it jest would run
// everything as CommonJS and still pass, which test/toolchain.test.ts guards against.
export default {
  testEnvironment: 'node',
  roots: ['packages', 'services', 'simulation', 'scripts', 'test', 'cli', 'images'].map(
    (room) => `<rootDir>/${room}`,
  ),
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // ESM modules leak by the test file in Jest: a worker is replaced when it has grown.
  workerIdleMemoryLimit: '300MB',
  maxWorkers: 2,
  testTimeout: 60_000,
};
