import { type RuleEntry, RuleFlag } from '../index/rule-bucket.js';

/**
 * The rule that speaks where several match: the one with the smallest id, so that the answer depends on the rules alone
 * and not on the order in which they came.
 */
export class BestRule {
  live: RuleEntry | null = null;
  shadow: RuleEntry | null = null;

  offer(entry: RuleEntry): void {
    if ((entry.flags & RuleFlag.shadow) !== 0) this.shadow = smaller(this.shadow, entry);
    else this.live = smaller(this.live, entry);
  }
}

function smaller(known: RuleEntry | null, offered: RuleEntry): RuleEntry {
  return known === null || offered.rule.id < known.rule.id ? offered : known;
}
