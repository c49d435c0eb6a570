import { createSnapshot, type DecisionRequest, decide, type Rule, type Snapshot } from '@expacti/policy-engine';
import { analyze } from '@expacti/shell';
import { cedarFigures } from './cedar-decision.js';
import { type Figure, figure, quantile } from './figure.js';
import { type RuleSet, ruleSet } from './rule-set.js';

const COUNTS = [100, 10_000, 100_000] as const;
const SAMPLES = 20_000;
/** Of this many rounds the best is kept: whatever else the machine does can only slow one down. */
const ROUNDS = 4;
/**
 * Different lines of each kind, the same number at every size: a set of 100 rules has no more. A few commands repeated is
 * also what agents do. Thousands of different lines are measured beside it: then what each touches lies far apart in memory.
 */
const LINES = 30;
const MANY_LINES = 5_000;
const NOW = Date.UTC(2026, 10, 22);

/** The kinds of lines that are measured apart. */
const CLASSES = ['exact hit', 'glob hit', 'popular glob hit', 'regex hit', 'near miss', 'unknown program'] as const;
type LineClass = (typeof CLASSES)[number];

interface Measured {
  count: number;
  p50: Record<LineClass, number>;
  p99: Record<LineClass, number>;
  /** p50 over many different lines. */
  many: Record<LineClass, number>;
  parse: number;
  compileMs: number;
  bytesPerRule: number;
  addOneMs: number;
}

/** Policy decisions in process: parse, match and explain, at 100, 10 000 and 100 000 rules. */
export async function run(): Promise<Figure[]> {
  const measured = COUNTS.map(measure);
  const [smallest] = measured;
  const largest = measured[measured.length - 1];
  if (smallest === undefined || largest === undefined) return [];
  const figures = measured.flatMap((one) => [...decisionFigures(one), ...sizeFigures(one)]);
  for (const line of CLASSES)
    figures.push(
      figure({
        name: `policy decision, ${line}: growth from 100 to 100 000 rules`,
        value: largest.p50[line],
        unit: 'µs',
        floor: smallest.p50[line],
        floorName: 'p50 at 100 rules',
        goal: '≤ 1.3×',
        met: largest.p50[line] <= 1.3 * smallest.p50[line],
      }),
    );
  return [...figures, ...(await cedarFigures(smallest.p50['glob hit']))];
}

function measure(count: number): Measured {
  const set = ruleSet(count, NOW);
  const before = heapUsed();
  const start = performance.now();
  const snapshot = snapshotOf(set);
  const compileMs = performance.now() - start;
  const bytesPerRule = (heapUsed() - before) / count;
  const lines = linesOf(set, LINES);
  const manyLines = linesOf(set, MANY_LINES);
  const p50 = {} as Record<LineClass, number>;
  const p99 = {} as Record<LineClass, number>;
  const many = {} as Record<LineClass, number>;
  for (const line of CLASSES) checkVerdicts(snapshot, set, line, manyLines[line]);
  // Each class is warmed up before the first is timed, so that the order does not decide who pays for compilation.
  for (const line of CLASSES) timeDecisions(snapshot, set, lines[line], SAMPLES / 4);
  for (let round = 0; round < ROUNDS; round++) {
    for (const line of CLASSES) {
      const samples = timeDecisions(snapshot, set, lines[line], SAMPLES);
      p50[line] = Math.min(p50[line] ?? Number.POSITIVE_INFINITY, quantile(samples, 0.5));
      p99[line] = Math.min(p99[line] ?? Number.POSITIVE_INFINITY, quantile(samples, 0.99));
      const manySamples = timeDecisions(snapshot, set, manyLines[line], SAMPLES);
      many[line] = Math.min(many[line] ?? Number.POSITIVE_INFINITY, quantile(manySamples, 0.5));
    }
  }
  return {
    count,
    p50,
    p99,
    many,
    parse: parseFloor(lines['glob hit']),
    compileMs,
    bytesPerRule,
    addOneMs: addOne(snapshot),
  };
}

function snapshotOf({ rules, targetGroups }: RuleSet): Snapshot {
  return createSnapshot({ org: 'bench', version: 1, rules, targetGroups });
}

function linesOf({ hits, nearMisses, unknown }: RuleSet, most: number): Record<LineClass, readonly string[]> {
  const some = (lines: readonly string[]): string[] => {
    const step = Math.max(1, Math.floor(lines.length / most));
    return lines.filter((_, at) => at % step === 0).slice(0, most);
  };
  return {
    'exact hit': some(hits.exact),
    'glob hit': some(hits.glob),
    'popular glob hit': some(hits.popularGlob),
    'regex hit': some(hits.regex),
    'near miss': some(nearMisses),
    'unknown program': some(unknown),
  };
}

const requestFor = (set: RuleSet, command: string): DecisionRequest => ({
  kind: 'command',
  command,
  shell: 'bash',
  cwd: '/srv/app',
  agent_id: set.agent,
  target: set.target,
});

function checkVerdicts(snapshot: Snapshot, set: RuleSet, line: LineClass, lines: readonly string[]): void {
  const expected = line.endsWith('hit') ? 'allow' : 'review';
  for (const text of lines) {
    const { verdict, reasons } = decide(snapshot, requestFor(set, text), NOW);
    if (verdict !== expected) throw new Error(`${line}: ${text} is ${verdict}, not ${expected} (${reasons.join(' ')})`);
  }
}

/** Microseconds of single decisions. */
function timeDecisions(snapshot: Snapshot, set: RuleSet, lines: readonly string[], samples: number): Float64Array {
  const requests = lines.map((line) => requestFor(set, line));
  const times = new Float64Array(samples);
  let explained = 0;
  for (let sample = 0; sample < samples; sample++) {
    const request = requests[sample % requests.length];
    if (request === undefined) continue;
    const start = process.hrtime.bigint();
    const decision = decide(snapshot, request, NOW);
    explained += decision.commands.length + decision.reasons.length;
    times[sample] = Number(process.hrtime.bigint() - start) / 1_000;
  }
  if (explained === 0) throw new Error('nothing was explained');
  return times;
}

function parseFloor(lines: readonly string[]): number {
  return Math.min(...Array.from({ length: ROUNDS }, () => parseOnce(lines)));
}

function parseOnce(lines: readonly string[]): number {
  const times = new Float64Array(SAMPLES);
  for (let sample = 0; sample < SAMPLES; sample++) {
    const line = lines[sample % lines.length] ?? '';
    const start = process.hrtime.bigint();
    analyze(line, 'bash');
    times[sample] = Number(process.hrtime.bigint() - start) / 1_000;
  }
  return quantile(times, 0.5);
}

/** Milliseconds until one more rule is in force, the slowest of many. */
function addOne(snapshot: Snapshot): number {
  let slowest = 0;
  let current = snapshot;
  for (let added = 0; added < 200; added++) {
    const rule: Rule = {
      id: `rule_added_${added}`,
      effect: added % 2 === 0 ? 'allow' : 'deny',
      kind: 'command',
      pattern_type: added % 3 === 0 ? 'regex' : 'glob',
      pattern: added % 3 === 0 ? `docker logs added${added}-[0-9]+` : `docker logs added-${added}-*`,
      scope: { type: 'global' },
    };
    const start = performance.now();
    current = current.with({ version: added + 2, upserted: [rule], removed: [`rule_added_${added - 50}`] });
    slowest = Math.max(slowest, performance.now() - start);
  }
  return slowest;
}

function decisionFigures({ count, p50, p99, many, parse }: Measured): Figure[] {
  return CLASSES.flatMap((line) => {
    const name = `policy decision, ${line}, ${count} rules`;
    const floor = { unit: 'µs', floor: parse, floorName: 'parsing alone, p50' };
    return [
      figure({ name: `${name}: p50`, value: p50[line], ...floor, goal: '≤ 10 µs', met: p50[line] <= 10 }),
      figure({ name: `${name}: p99`, value: p99[line], ...floor }),
      figure({ name: `${name}, up to ${MANY_LINES} different lines: p50`, value: many[line], ...floor }),
    ];
  });
}

function sizeFigures({ count, compileMs, bytesPerRule, addOneMs }: Measured): Figure[] {
  return [
    figure({
      name: `rules in force after adding one to ${count}, slowest of 200`,
      value: addOneMs,
      unit: 'ms',
      floor: compileMs,
      floorName: 'compiling all of them',
      goal: '≤ 50 ms',
      met: addOneMs <= 50,
    }),
    figure({
      name: `memory per rule at ${count} rules, index alone`,
      value: bytesPerRule,
      unit: 'bytes',
      floor: 100,
      floorName: 'a rule of 100 bytes',
    }),
  ];
}

function heapUsed(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
