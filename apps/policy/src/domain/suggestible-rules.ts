import type { NewRule } from '@expacti/contracts';
import { dependsOnFolder, suggestPatterns } from '@expacti/policy-engine';
import { analyze } from '@expacti/shell';
import type { HeldRequest } from './held-request.js';
import { draftOf, type RuleDraft } from './rule-draft.js';
import { ruleProblems } from './rule-problems.js';

/** How often people must have approved a pattern, without a denial, before it is suggested. */
export const APPROVALS_NEEDED = 3;

/** Patterns that one org's decisions are counted by; the ones not seen for longest make room. */
export const MAX_COUNTED_PATTERNS = 5_000;

/** Lines that are kept to show what a suggestion would have covered. */
export const MAX_SAMPLES = 5;

/** A rule that a decision speaks for or against, and how many different lines it takes to suggest it. */
export interface SuggestibleRule {
  draft: RuleDraft;
  samplesNeeded: number;
}

/**
 * The allow rules that a decided line could lead to: the line itself, and for a single command its narrowest
 * generalization. None for a line that no such rule could be made for, and none wider than the target it ran on.
 * @param now milliseconds since the epoch
 */
export function suggestibleRules(held: HeldRequest, now: number): SuggestibleRule[] {
  if (held.kind !== 'command' || held.encrypted) return [];
  const analysis = analyze(held.text, held.shell);
  const isSingle = analysis.commands.length === 1;
  const patterns = suggestPatterns(analysis);
  const line = patterns.find((pattern) => pattern.pattern_type === 'exact');
  const glob = patterns.find((pattern) => pattern.pattern_type === 'glob' && pattern.varying.length > 0);
  const scope: NewRule['scope'] = held.targetId === null ? { type: 'global' } : { type: 'target', id: held.targetId };
  const cwd = dependsOnFolder(analysis) ? held.cwd : null;
  const rule = (pattern_type: NewRule['pattern_type'], pattern: string): RuleDraft =>
    draftOf({ effect: 'allow', kind: 'command', pattern_type, pattern, scope, shell: held.shell, cwd });
  const found = [
    ...(line ? [{ draft: rule('exact', line.pattern), samplesNeeded: 1 }] : []),
    ...(glob && isSingle ? [{ draft: rule('glob', glob.pattern), samplesNeeded: 2 }] : []),
  ];
  // Whatever the org allows by hand: a line whose effect can change is never suggested.
  return found.filter(({ draft }) => ruleProblems(draft, { now, rememberDynamic: 'never' }).length === 0);
}
