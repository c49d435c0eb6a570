import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, DATABASE, LOGGER, type Logger } from '@expacti/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { forgetKeys, KEY_RETENTION_MS } from '../storage/key-store.js';
import { findOverdue, nextDeadline } from '../storage/request-store.js';
import { RequestChanges } from './request-changes.js';

/** Looks at the table at least this often: finds deadlines that another process has set, and those whose timer was lost. */
const LONGEST_PAUSE_MS = 5_000;
const BATCH_SIZE = 100;
const FORGET_KEYS_EVERY_MS = 3_600_000;

/**
 * Closes requests whose deadline has passed. The rows say what is due; timers only say when to look. Several processes
 * may sweep at once: compare-and-swap lets each request be closed once.
 */
@Injectable()
export class DeadlineSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  #cancelTimer: () => void = () => undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> | undefined;
  #isClosed = false;
  #keysForgottenAt = Number.NEGATIVE_INFINITY;

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
    if (deadlineAt < this.#wakesAt) this.#wakeAt(deadlineAt);
  }

  /** Closes all that is overdue, and sets the timer for what comes next. Never rejects: the next sweep tries again. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    this.#wakeAt(this.clock.now() + LONGEST_PAUSE_MS);
    try {
      while (!this.#isClosed && (await this.#closeBatch()) === BATCH_SIZE);
      const next = await this.database.read(nextDeadline);
      if (next !== null) this.expect(next);
      await this.#forgetKeys();
    } catch (error) {
      this.logger.error(
        { err: error },
        'Closing overdue requests failed; they stay closed to voters and are tried again.',
      );
    }
  }

  async #closeBatch(): Promise<number> {
    const due = await this.database.read((manager) => findOverdue(manager, this.clock.now(), BATCH_SIZE));
    await Promise.all(due.map((key) => this.changes.settle(key)));
    return due.length;
  }

  async #forgetKeys(): Promise<void> {
    const now = this.clock.now();
    if (now < this.#keysForgottenAt + FORGET_KEYS_EVERY_MS) return;
    this.#keysForgottenAt = now;
    while (
      !this.#isClosed &&
      (await this.database.transaction((manager) => forgetKeys(manager, now - KEY_RETENTION_MS)))
    );
  }

  #wakeAt(time: number): void {
    this.#cancelTimer();
    if (this.#isClosed) return;
    this.#wakesAt = time;
    this.#cancelTimer = this.clock.schedule(Math.max(time - this.clock.now(), 0), () => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      void this.sweep();
    });
  }
}
