#!/usr/bin/env node
// Transpiles one package's src/ to dist/ with swc, leaving tests out. Types are checked apart (`pnpm typecheck`), and
// other packages read the sources' own types, so no declaration files are written.
import { readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';
import { swcOptions } from './swc-options.mjs';

const isSource = (file) => /\.tsx?$/.test(file) && !/\.(test|contract-test|d)\.tsx?$/.test(file);
const sources = readdirSync('src', { recursive: true }).filter(isSource);

await rm('dist', { recursive: true, force: true });
await Promise.all(
  sources.map(async (file) => {
    const { code, map } = await transformFile(join('src', file), { ...swcOptions, sourceMaps: true });
    const target = join('dist', file.replace(/\.tsx?$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    const mapName = `${target.split('/').at(-1)}.map`;
    await Promise.all([
      writeFile(target, `${code}\n//# sourceMappingURL=${mapName}\n`),
      writeFile(`${target}.map`, map),
    ]);
  }),
);
