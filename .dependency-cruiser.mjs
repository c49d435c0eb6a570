// Who may import whom (docs/ARCHITECTURE.md, "Libraries"). Imports go down the floors only, never sideways between
// services, never from a library to an app. `scripts/boundaries/` proves that each rule bites.

/** @type {Record<string, string[]>} package → the packages below it that it may import */
const LIBRARIES = {
  shell: [],
  contracts: [],
  crypto: [],
  'policy-engine': ['shell'],
  persistence: [],
  redis: [],
  blobs: [],
  messaging: ['contracts', 'persistence', 'redis'],
  jobs: ['persistence', 'redis'],
  platform: ['contracts', 'crypto', 'persistence', 'redis', 'blobs', 'messaging', 'jobs'],
};
const SERVICES = ['approvals', 'audit', 'gateway', 'identity', 'policy', 'recording'];
const TESTS = '(\\.(test|contract-test)\\.tsx?$|/test/)';

const floors = Object.entries(LIBRARIES).map(([name, allowed]) => ({
  name: `${name}-imports-only-below`,
  comment: `packages/${name} may import ${allowed.length > 0 ? allowed.join(', ') : 'no package of ours'}: floors keep the core free of what changes often.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/`, pathNot: TESTS },
  to: { path: '^(packages|apps|sdks)/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

export default {
  forbidden: [
    ...floors,
    {
      name: 'services-do-not-import-each-other',
      comment:
        'A service asks another over RPC or hears of it on the bus; an import would tie their processes together.',
      severity: 'error',
      from: { path: `^apps/(${SERVICES.join('|')})/` },
      to: { path: `^apps/(${[...SERVICES, 'standalone', 'cli'].join('|')})/`, pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-do-not-import-apps',
      comment: 'Libraries are below the apps; what both need moves down.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'testkit-is-for-tests',
      comment: 'Code that runs in production must not depend on what starts fake worlds.',
      severity: 'error',
      from: { path: '^(packages|apps|sdks)/', pathNot: `(^packages/testkit/|${TESTS})` },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'the-sdk-stands-alone',
      comment: 'The SDK is published by itself: users have none of our packages.',
      severity: 'error',
      from: { path: '^sdks/', pathNot: TESTS },
      to: { path: '^(packages|apps)/' },
    },
    {
      name: 'the-dashboard-knows-the-wire-only',
      comment:
        'The page sees what any client sees. Of our libraries it runs the pure ones alone: the shell grammar, and the policy engine that suggests patterns. Types of the contracts are erased.',
      severity: 'error',
      from: { path: '^apps/dashboard/', pathNot: TESTS },
      to: {
        path: '^(packages|apps)/',
        pathNot: '^(apps/dashboard|packages/(shell|policy-engine))/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no bottom: neither file can be understood, tested or moved alone.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/generated/|/node_modules/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['expacti-source', 'import', 'node', 'default'],
    },
  },
};
