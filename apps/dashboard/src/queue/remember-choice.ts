import type { Analysis } from '@expacti/shell';
import type { Approval, NewRule, Org, Remember, RuleScope } from '../api/types.js';

/** What the person has chosen so far of a rule to remember. */
export interface RememberChoice {
  effect: 'allow' | 'deny';
  patternType: 'exact' | 'glob' | 'regex';
  pattern: string;
  scope: RuleScope;
  /** Seconds; null never expires. */
  ttlSeconds: number | null;
  sessionOnly: boolean;
}

export const LIFETIMES: { seconds: number | null; label: string }[] = [
  { seconds: 3_600, label: 'for one hour' },
  { seconds: 8 * 3_600, label: 'for 8 hours' },
  { seconds: 86_400, label: 'for one day' },
  { seconds: 7 * 86_400, label: 'for 7 days' },
  { seconds: 30 * 86_400, label: 'for 30 days' },
  { seconds: 90 * 86_400, label: 'for 90 days' },
  { seconds: null, label: 'until somebody removes it' },
];

/** Why nothing about this request can be remembered; null when something can. */
export function cannotRemember(approval: Approval, analysis: Analysis): string | null {
  if (approval.encrypted) return 'An encrypted command cannot be remembered from here.';
  if (approval.kind === 'command' && !analysis.parseable)
    return 'This line cannot be fully understood, so no rule can be made for it: it is reviewed each time.';
  return null;
}

/** What remembering the exact text is allowed to be, where what the text does may change. */
export type ExactLimit = 'free' | 'session' | 'never';

export function exactLimit(analysis: Analysis, org: Pick<Org, 'remember_dynamic'>): ExactLimit {
  if (!isChangeable(analysis) || org.remember_dynamic === 'yes') return 'free';
  return org.remember_dynamic;
}

/** Has the line words that are known only when it runs? The same text may then do something else tomorrow. */
export function isChangeable(analysis: Analysis): boolean {
  return analysis.commands.some((command) => command.argv === null || command.opaque);
}

export function rememberOf(choice: RememberChoice): Remember {
  return {
    pattern_type: choice.patternType,
    pattern: choice.pattern,
    scope: choice.scope,
    ...(choice.ttlSeconds === null ? {} : { ttl_seconds: choice.ttlSeconds }),
    ...(choice.sessionOnly ? { session_only: true } : {}),
  };
}

/** The rule that the choice would make, for asking what it covers. */
export function ruleOf(choice: RememberChoice, approval: Approval): NewRule {
  return {
    effect: choice.effect,
    kind: approval.kind,
    pattern_type: choice.patternType,
    pattern: choice.pattern,
    scope: choice.scope,
    ...(choice.sessionOnly && approval.session_id ? { session_id: approval.session_id } : {}),
  };
}
