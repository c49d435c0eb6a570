import type { Analysis } from '@expacti/shell';
import { meetsRequirement } from '../approval/requirement.js';
import type { RuleEntry } from '../index/rule-bucket.js';
import type { CommandRequest } from '../request.js';
import type { Applicability } from './applicability.js';
import { BestRule } from './best-rule.js';
import { whatCanChange } from './changeable-line.js';
import type { CommandView } from './command-view.js';
import { FINGERPRINT_PREFIX } from './decide-encrypted.js';
import type { LineFacts } from './line-facts.js';

/** What exact rules say about a line: the rule that allows it, or why the rule for this text does not apply. */
export interface ExactAllowance {
  entry: RuleEntry | null;
  shadow: RuleEntry | null;
  reasons: string[];
}

const NOTHING: ExactAllowance = { entry: null, shadow: null, reasons: [] };

/** Looks for an exact rule for the whole line. The line must be parseable; it need not be literal. */
export function exactAllowance(
  applicability: Applicability,
  request: CommandRequest,
  analysis: Analysis,
  views: readonly CommandView[],
  facts: LineFacts,
): ExactAllowance {
  const bucket = applicability.snapshot.index.of('command').allow.exact.get(request.command);
  if (bucket === undefined || request.command.startsWith(FINGERPRINT_PREFIX)) return NOTHING;
  const best = new BestRule();
  const refused = new BestRule();
  const reasons: string[] = [];
  applicability.visit(bucket, (entry) => {
    const reason = whyNot(entry, applicability, analysis, views, facts);
    if (reason === null) best.offer(entry);
    else if (entry.rule.shadow !== true) {
      refused.offer(entry);
      if (refused.live === entry) reasons[0] = reason;
    }
  });
  return { entry: best.live, shadow: best.shadow, reasons: best.live === null ? reasons : [] };
}

/** Why an exact rule for this very text does not allow it; null when it does. */
function whyNot(
  entry: RuleEntry,
  applicability: Applicability,
  analysis: Analysis,
  views: readonly CommandView[],
  facts: LineFacts,
): string | null {
  const { rule } = entry;
  if (typeof rule.cwd !== 'string' && views.some((view) => view.dependsOnFolder))
    return `Rule ${rule.id} names no working directory, and what this line runs depends on it.`;
  if (!meetsRequirement(rule.approved_for, facts.requirement))
    return `Rule ${rule.id} was made with less approval than the policies now ask for.`;
  const change = whatCanChange(analysis);
  if (change === null) return null;
  switch (applicability.snapshot.settings.rememberDynamic) {
    case 'yes':
      return null;
    case 'session':
      if (typeof rule.session_id === 'string') return null;
      return `Rule ${rule.id} has this very text, but ${change}: such lines are remembered for one session only.`;
    case 'never':
      return `Rule ${rule.id} has this very text, but ${change}: such lines are never remembered.`;
  }
}
