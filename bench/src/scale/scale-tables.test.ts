import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { withTables } from './between-marks.js';
import { markdownTable } from './markdown-table.js';
import { readMeasuredCosts } from './measured-costs.js';
import { typicalWorkload } from './plan/workload.js';
import { scaleTables } from './scale-tables.js';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const PAGE = pathOf('../../../docs/SCALE.md');
const COSTS = pathOf('./measured-costs.json');

describe('the page about scale', () => {
  test('shows what the model says of the costs that were measured', () => {
    const page = readFileSync(PAGE, 'utf8');
    const tables = scaleTables(readMeasuredCosts(COSTS), [10, 1_000, 100_000].map(typicalWorkload));
    // pnpm --filter @expacti/bench scale -- --into ../docs/SCALE.md
    expect(page).toBe(withTables(page, tables));
  });

  test('must have a place for the tables', () => {
    expect(() => withTables('# Scale', 'x')).toThrow('no place for tables');
  });
});

test('a table lines up, with numbers to the right and three digits that mean something', () => {
  const table = markdownTable(
    ['what', 'how many'],
    [
      ['a', 12_345.6],
      ['longer', 0.012345],
      ['endless', Number.POSITIVE_INFINITY],
    ],
  );
  expect(table.split('\n')).toEqual([
    '| what    | how many |',
    '| ------- | -------: |',
    '| a       |   12 346 |',
    '| longer  |   0.0123 |',
    '| endless |        ∞ |',
  ]);
});
