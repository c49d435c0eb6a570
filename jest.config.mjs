import { swcOptions } from './scripts/build/swc-options.mjs';

const shared = {
  testEnvironment: 'node',
  // Workspace packages resolve to their sources: tests need no build.
  testEnvironmentOptions: { customExportConditions: ['expacti-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', { ...swcOptions, sourceMaps: 'inline' }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/'],
};

export default {
  // Real servers and browsers on a busy machine; what hangs still ends.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      rootDir: '.',
      testMatch: ['<rootDir>/{packages,apps,sdks,bench}/**/src/**/*.test.ts', '<rootDir>/scripts/**/*.test.ts'],
    },
    { ...shared, displayName: 'e2e', rootDir: './e2e', testMatch: ['<rootDir>/src/**/*.test.ts'] },
    {
      // The same scenarios against separate processes over Redis and PostgreSQL. Faults start what they need themselves.
      ...shared,
      displayName: 'e2e-distributed',
      rootDir: './e2e',
      testMatch: ['<rootDir>/src/*.test.ts'],
      setupFiles: ['<rootDir>/src/support/use-distributed.ts'],
      setupFilesAfterEnv: ['<rootDir>/src/support/wait-longer.ts'],
    },
  ],
};
