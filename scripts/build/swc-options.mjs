/** How every TypeScript file here becomes JavaScript, in builds and in tests alike. */
export const swcOptions = {
  swcrc: false,
  configFile: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    // Dependencies are injected by explicit tokens, so no type metadata is emitted: it would turn
    // type-only imports into import cycles at run time.
    transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: true },
    keepClassNames: true,
  },
};
