import type { Rule, RuleScope } from '@expacti/policy-engine';
import { randomNumbers } from './random-numbers.js';

/** Lines to judge against a rule set, by what should become of them. */
export interface RuleSet {
  rules: Rule[];
  targetGroups: Record<string, string[]>;
  target: string;
  agent: string;
  /** Allowed by an exact rule, a glob or a regular expression. */
  hits: { exact: string[]; glob: string[]; popularGlob: string[]; regex: string[] };
  /** Programs and first words that many rules share, and no rule that covers the line. */
  nearMisses: string[];
  /** Programs that no rule names. */
  unknown: string[];
}

const TARGET = 'target_7';
const AGENT = 'agent_1';

/** The ten commonest programs with their first words; a third of the globs share them. */
const POPULAR = [
  'docker logs',
  'docker inspect',
  'docker stats',
  'kubectl get',
  'kubectl logs',
  'kubectl describe',
  'git log',
  'git show',
  'systemctl status',
  'grep -rn',
] as const;

/**
 * A hard rule set, the same for the same count: 60 % exact, 30 % globs of which a third share ten programs and first words,
 * 5 % regular expressions of which a tenth have no literal head, 5 % deny rules of which a third begin with `**`; scopes,
 * agents and expiries mixed.
 *
 * @param now epoch milliseconds; a tenth of the rules has expired by then
 */
export function ruleSet(count: number, now: number): RuleSet {
  const random = randomNumbers(count);
  const rules: Rule[] = [];
  const hits: RuleSet['hits'] = { exact: [], glob: [], popularGlob: [], regex: [] };
  const add = (fields: Pick<Rule, 'pattern_type' | 'pattern'> & Partial<Rule>): boolean => {
    const placed = placement(random, now);
    rules.push({ id: `rule_${rules.length}`, effect: 'allow', kind: 'command', ...placed.fields, ...fields });
    return placed.applies;
  };
  for (let number = 0; number < count; number++) {
    const share = (number % 100) + 1;
    if (share <= 60) addExact(number, add, hits);
    else if (share <= 70) addPopularGlob(number, random, add, hits);
    else if (share <= 90) addGlob(number, add, hits);
    else if (share <= 95) addRegex(number, share === 95 && number % 200 < 100, add, hits);
    else addDeny(number, add);
  }
  return {
    rules,
    targetGroups: { [TARGET]: ['group_1', 'group_2'] },
    target: TARGET,
    agent: AGENT,
    hits,
    nearMisses: Array.from({ length: 5_000 }, (_, at) => `${POPULAR[at % POPULAR.length]} no-such-service-${at}z`),
    unknown: Array.from({ length: 5_000 }, (_, at) => `neverheard${at} show --with some-service-${at}`),
  };
}

type Add = (fields: Pick<Rule, 'pattern_type' | 'pattern'> & Partial<Rule>) => boolean;

function addExact(number: number, add: Add, hits: RuleSet['hits']): void {
  const pattern = `deploy-${number % 37} release-${number} to web-${number % 500}.example`;
  if (add({ pattern_type: 'exact', pattern })) hits.exact.push(pattern);
}

function addPopularGlob(number: number, random: () => number, add: Add, hits: RuleSet['hits']): void {
  const head = POPULAR[number % POPULAR.length] ?? POPULAR[0];
  const shapes: readonly (readonly [pattern: string, line: string])[] = [
    [`${head} svc-${number}-*`, `${head} svc-${number}-replica-blue`],
    [`${head} *-app${number}`, `${head} europe-west-app${number}`],
    [`${head} team${number % 50} item-${number} *`, `${head} team${number % 50} item-${number} anything`],
    [`${head} *job${number}x*`, `${head} the-job${number}x-runner`],
  ];
  const [pattern, line] = shapes[Math.floor(random() * shapes.length)] ?? ['', ''];
  const oneOperand = /^(docker logs|docker stats|kubectl)/.test(head) && line.split(' ').length > 4;
  if (add({ pattern_type: 'glob', pattern }) && !oneOperand) hits.popularGlob.push(line);
}

function addGlob(number: number, add: Add, hits: RuleSet['hits']): void {
  const program = `tool${number % 2_000}`;
  if (add({ pattern_type: 'glob', pattern: `${program} report r${number} --env=* **` }))
    for (let line = 0; line < 4; line++) hits.glob.push(`${program} report r${number} --env=staging extra${line}`);
}

function addRegex(number: number, headless: boolean, add: Add, hits: RuleSet['hits']): void {
  const [pattern, line] = headless
    ? [`[a-z]+ check(-all)? unit${number}-[0-9]+`, `inspect check unit${number}-1234`]
    : [`probe${number % 300} host${number} (up|down) [a-z0-9.-]+`, `probe${number % 300} host${number} up web.example`];
  if (add({ pattern_type: 'regex', pattern })) for (let end = 0; end < 8; end++) hits.regex.push(`${line}${end}`);
}

function addDeny(number: number, add: Add): void {
  const shapes = [
    `rm -rf /srv/data${number}/**`,
    `** --force-${number} **`,
    `** *secret${number}*`,
    `terminate zone${number} **`,
    `** /etc/app${number}.conf`,
    `erase volume${number} *`,
  ];
  const effect = number % 4 === 0 ? 'review' : 'deny';
  add({ pattern_type: 'glob', pattern: shapes[number % shapes.length] ?? '', effect });
}

/** Where, for whom and until when a rule is in force. */
function placement(
  random: () => number,
  now: number,
): { fields: Pick<Rule, 'scope' | 'agent_id' | 'expires_at'>; applies: boolean } {
  const where = random();
  const number = Math.floor(random() * 50);
  const scope: RuleScope =
    where < 0.7
      ? { type: 'global' }
      : where < 0.85
        ? { type: 'group', id: `group_${number}` }
        : { type: 'target', id: `target_${number}` };
  const agent_id = random() < 0.05 ? `agent_${number}` : null;
  const until = random();
  const expires_at = until < 0.1 ? now - 60_000 : until < 0.3 ? now + 86_400_000 : null;
  const inScope = scope.type === 'global' || ['group_1', 'group_2', TARGET].includes(scope.id);
  return {
    fields: { scope, agent_id, expires_at },
    applies: inScope && (agent_id ?? AGENT) === AGENT && (expires_at ?? now + 1) > now,
  };
}
