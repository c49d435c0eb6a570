// Lets Node run this repository's TypeScript sources: `./x.js` finds `./x.ts`, and swc does what it does in builds and
// in tests (decorators included, which Node's own type stripping does not do).
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { swcOptions } from '../../scripts/build/swc-options.mjs';

const isTypeScript = (url) => url.startsWith('file:') && /\.tsx?$/.test(url);

registerHooks({
  resolve(specifier, context, next) {
    if (/^\.{1,2}\//.test(specifier) && specifier.endsWith('.js') && isTypeScript(context.parentURL ?? '')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!isTypeScript(url)) return next(url, context);
    const path = fileURLToPath(url);
    const { code } = transformSync(readFileSync(path, 'utf8'), { ...swcOptions, filename: path, sourceMaps: 'inline' });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
