import type { Database } from '@expacti/persistence';
import { addUsage, type RuleUsage } from '../storage/rule-usage.js';

/** What one decision means for the figures of rules. */
export interface Usage {
  /** The rule that decided, or null. */
  ruleId: string | null;
  /** Rules in shadow that would have. */
  shadowRuleIds: readonly string[];
  /** Milliseconds since the epoch. */
  at: number;
}

interface Batch {
  /** By org, then by rule. */
  usage: Map<string, Map<string, RuleUsage>>;
  written: Promise<void>;
}

/**
 * Adds up how rules are used and writes the sums. While one batch is being written the next one gathers, so the writing
 * follows the load; a decision is acknowledged only when its batch is durable, so none is lost. An event that comes again
 * is not counted again by the same process (`RecentEvents`). After a crash one that was counted but not acknowledged is:
 * these figures are for people, and an inbox row for each whitelisted command would cost more than they are worth.
 */
export class UsageCounter {
  readonly #database: Database;
  #gathering: Batch | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Resolves when it is written down. */
  count(org: string, usage: Usage): Promise<void> {
    if (usage.ruleId === null && usage.shadowRuleIds.length === 0) return Promise.resolve();
    this.#gathering ??= this.#begin();
    const ofOrg = this.#gathering.usage.get(org) ?? new Map<string, RuleUsage>();
    this.#gathering.usage.set(org, ofOrg);
    if (usage.ruleId !== null) {
      const sum = sumOf(ofOrg, usage.ruleId);
      sum.uses += 1;
      sum.lastUsedAt = Math.max(sum.lastUsedAt, usage.at);
    }
    for (const id of usage.shadowRuleIds) sumOf(ofOrg, id).shadowUses += 1;
    return this.#gathering.written;
  }

  #begin(): Batch {
    const usage: Batch['usage'] = new Map();
    const previous = this.#writing;
    const write = async (): Promise<void> => {
      await previous.catch(() => undefined);
      // Everything that is handed over in this turn of the event loop comes along.
      await new Promise(setImmediate);
      this.#gathering = null;
      await this.#database.transaction(
        async (manager) => {
          for (const [org, rules] of [...usage].sort(([one], [other]) => (one < other ? -1 : 1)))
            await addUsage(manager, org, rules);
        },
        { isPatient: true },
      );
    };
    const written = write();
    this.#writing = written;
    return { usage, written };
  }
}

function sumOf(rules: Map<string, RuleUsage>, id: string): RuleUsage {
  const sum = rules.get(id) ?? { uses: 0, shadowUses: 0, lastUsedAt: 0 };
  rules.set(id, sum);
  return sum;
}
