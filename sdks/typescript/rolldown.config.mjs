import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const outside = Object.keys({ ...dependencies, ...peerDependencies });
const external = (id) => id.startsWith('node:') || outside.some((name) => id === name || id.startsWith(`${name}/`));
const input = { index: 'src/index.ts', langchain: 'src/langchain.ts', ai: 'src/ai.ts' };
const common = { input, external, platform: 'node' };

export default defineConfig([
  { ...common, output: { dir: 'dist', format: 'esm', sourcemap: true, cleanDir: true } },
  {
    ...common,
    output: {
      dir: 'dist',
      format: 'cjs',
      sourcemap: true,
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
    },
  },
]);
