import type { RuleKind } from '../rule.js';
import { PatternIndex } from './pattern-index.js';
import type { RuleEntry } from './rule-bucket.js';

/** All rules of an org. Deny and review rules (`restrict`) are kept apart from allow rules: they are matched otherwise. */
export class RuleIndex {
  private readonly byKind = {
    command: { allow: new PatternIndex(), restrict: new PatternIndex() },
    tool_call: { allow: new PatternIndex(), restrict: new PatternIndex() },
    file_transfer: { allow: new PatternIndex(), restrict: new PatternIndex() },
  };

  add(entry: RuleEntry): void {
    const indexes = this.byKind[entry.rule.kind];
    (entry.rule.effect === 'allow' ? indexes.allow : indexes.restrict).add(entry);
  }

  of(kind: RuleKind): { readonly allow: PatternIndex; readonly restrict: PatternIndex } {
    return this.byKind[kind];
  }
}
