import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Figure, figure } from '../figure.js';

const DIST = fileURLToPath(new URL('../../../apps/dashboard/dist/', import.meta.url));
const MOST_BYTES = 250_000;

/** The bytes of the dashboard's first load, each file compressed by gzip: the page, its scripts and styles. */
export async function run(): Promise<Figure[]> {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  const files = new Set<string>();
  const linked = page.matchAll(/(?:src|href)="\/app\/([^"]+\.(?:js|css))"/g);
  for (const [, file = ''] of linked) addWithImports(file, files);
  let bytes = gzipSync(page).length;
  for (const file of files) bytes += gzipSync(readFileSync(join(DIST, file))).length;
  return [
    figure({
      name: `dashboard, first load (gzip, ${files.size + 1} files)`,
      value: bytes / 1_000,
      unit: 'kB',
      floor: MOST_BYTES / 1_000,
      floorName: 'the most that was promised',
      goal: '≤ 250 kB',
      met: bytes <= MOST_BYTES,
    }),
  ];
}

/** A script and what it imports before it runs; what it imports later, by `import()`, is not part of the first load. */
function addWithImports(file: string, files: Set<string>): void {
  if (files.has(file)) return;
  files.add(file);
  if (!file.endsWith('.js')) return;
  const text = readFileSync(join(DIST, file), 'utf8');
  for (const [, imported = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g))
    addWithImports(join(file, '..', imported), files);
}
