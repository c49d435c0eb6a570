import { processOnce } from '@expacti/messaging';
import type { Database } from '@expacti/persistence';
import { Consumes, DATABASE, type Fact } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { RememberService } from '../application/remember-service.js';
import { SuggestionService } from '../application/suggestion-service.js';
import { lockOrg } from '../storage/org-state.js';

/** Learns from what people decided. */
@Controller()
export class ApprovalClosedConsumer {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(RememberService) private readonly remember: RememberService,
    @Inject(SuggestionService) private readonly suggestions: SuggestionService,
  ) {}

  @Consumes('policy', 'approval.closed')
  async onApprovalClosed(closed: Fact<'approval.closed'>): Promise<void> {
    const rememberDynamic = await this.remember.prepare(closed);
    await this.database.transaction(async (manager) => {
      await lockOrg(manager, closed.org);
      await processOnce(manager, 'policy', closed.id, async () => {
        await this.suggestions.learn(manager, closed);
        if (rememberDynamic !== null) await this.remember.applyClosed(manager, closed, rememberDynamic);
      });
    });
  }
}
