import { processOnce } from '@expacti/messaging';
import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, Consumes, DATABASE, type Fact } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { endSessionRules } from '../application/end-session-rules.js';
import { PolicyChanges } from '../application/policy-changes.js';
import { lockOrg } from '../storage/org-state.js';

@Controller()
export class SessionEndedConsumer {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(PolicyChanges) private readonly changes: PolicyChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Consumes('policy', 'session.ended')
  async onSessionEnded({ id, org, payload }: Fact<'session.ended'>): Promise<void> {
    await this.database.transaction(async (manager) => {
      await lockOrg(manager, org);
      await processOnce(manager, 'policy', id, () =>
        endSessionRules(this.changes, manager, org, payload.data.session_id, this.clock.now()),
      );
    });
  }
}
