import type { Scheduler } from '@expacti/jobs';
import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, DATABASE, SCHEDULER } from '@expacti/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { forgetKeys, KEY_RETENTION_MS } from '../storage/key-store.js';

const JOB = 'approvals.forget_keys';
const EVERY_MS = 3_600_000;

/** Forgets idempotency keys that have stood long enough: every hour, in whichever process takes the job. */
@Injectable()
export class KeyRetention implements OnApplicationBootstrap {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SCHEDULER) private readonly scheduler: Scheduler,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.scheduler.handle(JOB, () => this.#forget());
    await this.scheduler.schedule(JOB, {}, { key: 'hourly', everyMs: EVERY_MS });
  }

  async #forget(): Promise<void> {
    const before = this.clock.now() - KEY_RETENTION_MS;
    while (await this.database.transaction((manager) => forgetKeys(manager, before)));
  }
}
