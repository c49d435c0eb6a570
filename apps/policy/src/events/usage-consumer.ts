import { Consumes, type Fact } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { UsageCounter } from '../application/usage-counter.js';
import { RecentEvents } from './recent-events.js';

/** Nobody waits for these figures: deliveries gather, so that they share their transactions. */
const LINGER_MS = 1_000;

/** Counts how often rules decide. A group of its own: a flood of decisions must not hold up what people decided. */
@Controller()
export class UsageConsumer {
  readonly #recent = new RecentEvents();

  constructor(@Inject(UsageCounter) private readonly usage: UsageCounter) {}

  @Consumes('policy-usage', 'command.decided', { lingerMs: LINGER_MS })
  async onCommandDecided({ id, org, at, payload }: Fact<'command.decided'>): Promise<void> {
    const { decision, shadow_rule_ids } = payload.data;
    const ruleId = decision.source === 'rule' ? (decision.rule_id ?? null) : null;
    const usage = { ruleId, shadowRuleIds: shadow_rule_ids, at: Date.parse(at) };
    await this.#recent.once(id, () => this.usage.count(org, usage));
  }
}
