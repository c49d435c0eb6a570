import { setTimeout as sleep } from 'node:timers/promises';
import { type Job as BullJob, Worker } from 'bullmq';
import type { Turn } from './turn.js';

/** After Redis has refused something. */
const PAUSE_AFTER_TROUBLE_MS = 500;

/** BullMQ's worker, where Redis refuses or has gone away. */
export class PatientWorker extends Worker<Turn, void> {
  /** BullMQ asks for the next job again at once when Redis refuses (a full one does): thousands of times a second. */
  protected override async moveToActive(token: string, name?: string): Promise<BullJob<Turn, void>> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      await sleep(PAUSE_AFTER_TROUBLE_MS);
      throw error;
    }
  }

  /** Ends what `close` could not: it waits for as long as Redis stays away, and its timers keep the process alive. */
  async abandon(): Promise<void> {
    await this.lockManager.close();
    await this.getBackend().close(true);
  }
}
