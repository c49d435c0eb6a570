import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withTables } from './between-marks.js';
import { readMeasuredCosts } from './measured-costs.js';
import { typicalWorkload, type Workload } from './plan/workload.js';
import { scaleTables } from './scale-tables.js';

/** The committed measuring; `--costs bench/results/….json` takes another, `--into ../docs/SCALE.md` writes the page. */
const COSTS = fileURLToPath(new URL('../../src/scale/measured-costs.json', import.meta.url));

const { values } = parseArgs({
  // `pnpm scale -- --agents 500` hands the dashes on.
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    costs: { type: 'string', default: COSTS },
    agents: { type: 'string', default: '10,1000,100000' },
    'hit-rate': { type: 'string' },
    'think-seconds': { type: 'string' },
    burstiness: { type: 'string' },
    into: { type: 'string' },
  },
});

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0, and is '${text}'`);
  return number;
}

function workloadOf(agents: string): Workload {
  const { 'hit-rate': hitRate, 'think-seconds': thinkSeconds, burstiness } = values;
  const workload = typicalWorkload(positive('agents', agents));
  const changed = {
    ...workload,
    ...(hitRate === undefined ? {} : { hitRate: positive('hit-rate', hitRate) }),
    ...(thinkSeconds === undefined ? {} : { agentThinkSeconds: positive('think-seconds', thinkSeconds) }),
    ...(burstiness === undefined ? {} : { burstiness: positive('burstiness', burstiness) }),
  };
  if (changed.hitRate > 1) throw new Error('--hit-rate is a share, at most 1');
  return changed;
}

const costs = readMeasuredCosts(values.costs);
const tables = scaleTables(costs, values.agents.split(',').map(workloadOf));
if (values.into === undefined) process.stdout.write(`${tables}\n`);
else writeFileSync(values.into, withTables(readFileSync(values.into, 'utf8'), tables));
