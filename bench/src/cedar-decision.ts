import { type EntityJson, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { Rule } from '@expacti/policy-engine';
import { type Figure, figure, quantile } from './figure.js';
import { type RuleSet, ruleSet } from './rule-set.js';

const COUNTS = [100, 1_000, 10_000] as const;
const NOW = Date.UTC(2026, 10, 22);

/**
 * The same rules as Cedar policies, decided by its WebAssembly build with a policy set parsed beforehand. Cedar judges the
 * text of the line (`like`), not its syntax, and has no regular expressions: those become `like` on their literal start.
 *
 * @param ours p50 of this product's decision on the same kind of line, in microseconds
 */
export async function cedarFigures(ours: number): Promise<Figure[]> {
  return COUNTS.map((count) =>
    figure({
      name: `Cedar decision on an equivalent set of ${count} policies: p50`,
      value: cedarMicroseconds(ruleSet(count, NOW)),
      unit: 'µs',
      floor: ours,
      floorName: 'policy decision here, glob hit, 100 rules',
    }),
  );
}

function cedarMicroseconds(set: RuleSet): number {
  const id = `rules ${set.rules.length}`;
  const staticPolicies = Object.fromEntries(set.rules.map((rule) => [rule.id, policyText(rule)]));
  const parsed = preparsePolicySet(id, { staticPolicies });
  if (parsed.type !== 'success') throw new Error(`Cedar refused the policies: ${JSON.stringify(parsed.errors)}`);
  const lines = set.hits.glob.slice(0, 50);
  const samples = set.rules.length > 1_000 ? 60 : 400;
  const times = new Float64Array(samples);
  for (let sample = -20; sample < samples; sample++) {
    const start = process.hrtime.bigint();
    const verdict = judge(id, set, lines[(sample + 20) % lines.length] ?? '');
    if (sample >= 0) times[sample] = Number(process.hrtime.bigint() - start) / 1_000;
    if (verdict !== 'allow') throw new Error('Cedar did not allow a line that a policy allows.');
  }
  return quantile(times, 0.5);
}

function judge(id: string, set: RuleSet, command: string): string {
  const answer = statefulIsAuthorized({
    preparsedPolicySetId: id,
    principal: { type: 'Agent', id: set.agent },
    action: { type: 'Action', id: 'run' },
    resource: { type: 'Target', id: set.target },
    context: { command, now: NOW },
    entities: entitiesOf(set),
  });
  if (answer.type !== 'success') throw new Error(`Cedar failed: ${JSON.stringify(answer.errors)}`);
  return answer.response.decision;
}

function entitiesOf({ target, targetGroups }: RuleSet): EntityJson[] {
  const parents = (targetGroups[target] ?? []).map((id) => ({ type: 'Group', id }));
  return [{ uid: { type: 'Target', id: target }, attrs: {}, parents }];
}

function policyText(rule: Rule): string {
  const effect = rule.effect === 'allow' ? 'permit' : 'forbid';
  const principal = typeof rule.agent_id === 'string' ? `principal == Agent::"${rule.agent_id}"` : 'principal';
  const resource = resourceText(rule);
  const until = typeof rule.expires_at === 'number' ? ` && context.now < ${rule.expires_at}` : '';
  return `${effect}(${principal}, action == Action::"run", ${resource}) when { ${conditionText(rule)}${until} };`;
}

function resourceText({ scope }: Rule): string {
  switch (scope.type) {
    case 'global':
      return 'resource';
    case 'group':
      return `resource in Group::"${scope.id}"`;
    case 'target':
      return `resource == Target::"${scope.id}"`;
  }
}

function conditionText({ pattern, pattern_type }: Rule): string {
  switch (pattern_type) {
    case 'exact':
      return `context.command == ${JSON.stringify(pattern)}`;
    case 'glob':
      return `context.command like ${JSON.stringify(pattern.replaceAll('**', '*'))}`;
    case 'regex':
      return `context.command like ${JSON.stringify(`${pattern.replace(/[[(\\].*$/s, '')}*${/unit\d+/.exec(pattern)?.[0] ?? ''}*`)}`;
  }
}
