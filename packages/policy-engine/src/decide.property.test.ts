import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from './decide.js';
import { naiveDecision } from './naive-decision.contract-test.js';
import type { Rule } from './rule.js';
import { commandRequest, NOW, snapshotOf } from './rule-fixtures.contract-test.js';
import type { Snapshot } from './snapshot.js';

// The same lines and rules in every run; change the seed to look elsewhere.
fc.configureGlobal({ seed: 20_261_122 });

const WORDS = [
  'ls',
  'git',
  'log',
  'dlogs',
  'web1',
  'web-2',
  'a',
  'b',
  '-l',
  '-x',
  '--n=1',
  'k=v',
  '/srv/a',
  '/srv/../b',
  'x.log',
  'sort',
  'python3',
  'rm',
  '',
];
const DYNAMIC = ['$X', '*.log', '"$(id)"', '~'];
const PATTERN_WORDS = ['*', '**', 'web*', '*.log', 'w?b1', '[ab]', '/srv/*', '--n=*', '-*', '*e*', "''"];
const REGEX_PARTS = ['ls', 'git', ' ', 'web', '[0-9]', '.*', '(a|b)', '[^ ]+', '-l', 'log', '\\w+', ' (-l )?', 'k=v'];

const quoted = (word: string): string => (word === '' ? "''" : word);
const literalWord = fc.constantFrom(...WORDS).map(quoted);
const lineWord = fc.oneof({ weight: 9, arbitrary: literalWord }, { weight: 1, arbitrary: fc.constantFrom(...DYNAMIC) });
const simpleLine = fc.array(lineWord, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
const line = fc.oneof(
  { weight: 4, arbitrary: simpleLine },
  {
    weight: 1,
    arbitrary: fc.tuple(simpleLine, fc.constantFrom(' && ', '; ', ' | '), simpleLine).map((parts) => parts.join('')),
  },
);
const plainLine = fc.oneof(
  simpleLine,
  fc.tuple(simpleLine, simpleLine).map((parts) => parts.join(' && ')),
);

const globPattern = fc
  .tuple(literalWord, fc.array(fc.oneof(literalWord, fc.constantFrom(...PATTERN_WORDS)), { maxLength: 4 }))
  .map(([program, rest]) => [program, ...rest].join(' '));
const headlessPattern = fc
  .array(fc.oneof(literalWord, fc.constantFrom(...PATTERN_WORDS)), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(' '));
const regexPattern = fc
  .array(fc.constantFrom(...REGEX_PARTS), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));

const rule: fc.Arbitrary<Rule> = fc
  .record({
    id: fc.nat(10_000).map((number) => `rule_${number}`),
    kind: fc.constant('command' as const),
    effect: fc.constantFrom('allow', 'allow', 'allow', 'allow', 'deny', 'review'),
    matcher: fc.oneof(
      simpleLine.map((pattern) => ({ pattern_type: 'exact' as const, pattern })),
      globPattern.map((pattern) => ({ pattern_type: 'glob' as const, pattern })),
      headlessPattern.map((pattern) => ({ pattern_type: 'glob' as const, pattern })),
      regexPattern.map((pattern) => ({ pattern_type: 'regex' as const, pattern })),
    ),
    scope: fc.constantFrom(
      { type: 'global' as const },
      { type: 'global' as const },
      { type: 'target' as const, id: 't' },
      { type: 'target' as const, id: 'u' },
    ),
    expires_at: fc.constantFrom(null, null, NOW - 1, NOW, NOW + 1),
    shadow: fc.constantFrom(false, false, false, true),
  })
  .map(({ matcher, ...rest }) => ({ ...rest, ...matcher }));

const ruleSet = fc.uniqueArray(rule, { maxLength: 30, selector: ({ id }) => id });
const request = (command: string) => commandRequest(command, { target: 't' });
const judge = (snapshot: Snapshot, command: string) => decide(snapshot, request(command), NOW);

describe('a decision', () => {
  it('is the same each time', () => {
    fc.assert(
      fc.property(ruleSet, line, (rules, command) => {
        const snapshot = snapshotOf(rules);
        expect(judge(snapshot, command)).toEqual(judge(snapshot, command));
        expect(judge(snapshotOf([...rules].reverse()), command)).toEqual(judge(snapshot, command));
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with a loop over all rules', () => {
    fc.assert(
      fc.property(ruleSet, plainLine, (rules, command) => {
        fc.pre(isWithinTheLoop(rules, command));
        const { verdict, rule_ids } = judge(snapshotOf(rules), command);
        const naive = naiveDecision(rules, request(command), NOW);
        expect({ verdict, ruleIds: rule_ids }).toEqual(naive);
      }),
      { numRuns: 3_000 },
    );
  });

  it('does not depend on how the snapshot came about, and leaves older snapshots as they were', () => {
    fc.assert(
      fc.property(
        ruleSet,
        fc.array(fc.tuple(fc.array(rule, { maxLength: 3 }), fc.array(fc.nat(100), { maxLength: 2 })), { maxLength: 6 }),
        line,
        (first, changes, command) => {
          let snapshot = snapshotOf(first);
          let rules = [...first];
          const past: { snapshot: Snapshot; before: unknown }[] = [];
          changes.forEach(([upserted, picks], at) => {
            past.push({ snapshot, before: judge(snapshot, command) });
            const removed = picks.flatMap((pick) => rules[pick % Math.max(1, rules.length)]?.id ?? []);
            const unique = [...new Map(upserted.map((added) => [added.id, added])).values()];
            snapshot = snapshot.with({ version: at + 2, upserted: unique, removed });
            rules = [
              ...rules.filter(({ id }) => !removed.includes(id) && !unique.some((added) => added.id === id)),
              ...unique,
            ];
          });
          expect(judge(snapshot, command)).toEqual(judge(snapshotOf(rules), command));
          for (const { snapshot: older, before } of past) expect(judge(older, command)).toEqual(before);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is not changed by a rule about something else', () => {
    const unrelated: Rule[] = [
      {
        id: 'rule_0',
        kind: 'command',
        effect: 'allow',
        pattern_type: 'glob',
        pattern: 'unrelated-program **',
        scope: { type: 'global' },
      },
      {
        id: 'rule_00',
        kind: 'command',
        effect: 'deny',
        pattern_type: 'exact',
        pattern: 'unrelated-program x',
        scope: { type: 'global' },
      },
      {
        id: 'rule_000',
        kind: 'command',
        effect: 'deny',
        pattern_type: 'glob',
        pattern: 'unrelated-program **',
        scope: { type: 'global' },
      },
      {
        id: 'rule_0000',
        kind: 'tool_call',
        effect: 'deny',
        pattern_type: 'glob',
        pattern: '*',
        scope: { type: 'global' },
      },
    ];
    fc.assert(
      fc.property(ruleSet, fc.constantFrom(...unrelated), line, (rules, added, command) => {
        expect(judge(snapshotOf([...rules, added]), command).verdict).toEqual(
          judge(snapshotOf(rules), command).verdict,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('is never loosened by taking away an allow rule or adding a deny or review rule', () => {
    const strictness = { allow: 0, review: 1, deny: 2 };
    fc.assert(
      fc.property(ruleSet, rule, line, fc.nat(), (rules, other, command, pick) => {
        const before = judge(snapshotOf(rules), command).verdict;
        const allowed = rules.filter(({ effect }) => effect === 'allow');
        const gone = allowed[pick % Math.max(1, allowed.length)]?.id;
        const less = judge(snapshotOf(rules.filter(({ id }) => id !== gone)), command).verdict;
        expect(strictness[less]).toBeGreaterThanOrEqual(strictness[before]);
        const fresh: Rule = { ...other, id: 'rule_fresh', effect: other.effect === 'allow' ? 'review' : other.effect };
        const more = judge(snapshotOf([...rules, fresh]), command).verdict;
        expect(strictness[more]).toBeGreaterThanOrEqual(strictness[before]);
      }),
      { numRuns: 500 },
    );
  });
});

/** The loop knows neither words that an expression spells, nor assignments, nor the other spellings of a path. */
function isWithinTheLoop(rules: readonly Rule[], command: string): boolean {
  const spells = rules.some(
    ({ effect, pattern_type, pattern }) => effect === 'allow' && pattern_type === 'regex' && /git|-l|k=v/.test(pattern),
  );
  const assigns = rules.some(({ pattern }) => pattern.startsWith('k=v'));
  return !spells && !assigns && !command.includes('..') && !/(^|&& )(\/|k=v)/.test(command);
}
