import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, DATABASE, LOGGER, type Logger } from '@expacti/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { findOverdue, nextDeadline } from '../storage/request-store.js';
import { RequestChanges } from './request-changes.js';

/** Looks at the table at least this often: finds deadlines that another process has set, and those whose timer was lost. */
const LONGEST_PAUSE_MS = 5_000;
const BATCH_SIZE = 100;

/**
 * Closes requests whose deadline has passed. The rows say what is due; timers only say when to look. Several processes
 * may sweep at once: compare-and-swap lets each request be closed once.
 */
@Injectable()
export class DeadlineSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  #cancelTimer: () => void = () => undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> | undefined;
  #isStale = false;
  #isClosed = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RequestChanges) private readonly changes: RequestChanges,
  ) {}

  /** What fell due while nothing ran is closed first. */
  async onApplicationBootstrap(): Promise<void> {
    await this.sweep();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    await this.#sweeping;
  }

  /** Tells of a new deadline (milliseconds since the epoch), so that it is met on time. */
  expect(deadlineAt: number): void {
    if (deadlineAt >= this.#wakesAt || this.#isClosed) return;
    this.#cancelTimer();
    this.#wakesAt = deadlineAt;
    this.#cancelTimer = this.clock.schedule(Math.max(deadlineAt - this.clock.now(), 0), () => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      void this.sweep();
    });
  }

  /** Closes all that is overdue, and sets the timer for what comes next. Never rejects: the next sweep tries again. */
  sweep(): Promise<void> {
    this.#isStale = true;
    this.#sweeping ??= this.#sweepWhileStale().finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  async #sweepWhileStale(): Promise<void> {
    // A timer that fires during a sweep must not get lost in it: what it stands for may have been looked at before.
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      await this.#sweepOnce();
    }
  }

  async #sweepOnce(): Promise<void> {
    try {
      while (!this.#isClosed && (await this.#closeBatch()) === BATCH_SIZE);
      const next = await this.database.read(nextDeadline);
      if (next !== null && next <= this.clock.now()) this.#isStale = true;
      else if (next !== null) this.expect(next);
    } catch (error) {
      this.logger.error(
        { err: error },
        'Closing overdue requests failed; no vote counts on them, and it is tried again.',
      );
    } finally {
      this.expect(this.clock.now() + LONGEST_PAUSE_MS);
    }
  }

  async #closeBatch(): Promise<number> {
    const due = await this.database.read((manager) => findOverdue(manager, this.clock.now(), BATCH_SIZE));
    await Promise.all(due.map((key) => this.changes.settle(key)));
    return due.length;
  }
}
