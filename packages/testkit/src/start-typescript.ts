import { fileURLToPath } from 'node:url';
import { Child, type ChildOptions } from './child.js';

const loader = new URL('../typescript-loader.mjs', import.meta.url);

/**
 * Runs a TypeScript source file as a process of its own, without a build, on the Node that runs this one. Workspace
 * packages resolve to their sources.
 * @param file a path or `file:` URL
 */
export function startTypeScript(file: string | URL, args: readonly string[] = [], options: ChildOptions = {}): Child {
  const path = file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file;
  const flags = ['--conditions=expacti-source', '--import', loader.href];
  // Jest's own options for its VM would be inherited.
  return new Child(process.execPath, [...flags, path, ...args], {
    ...options,
    env: { ...options.env, NODE_OPTIONS: '' },
  });
}
