import { CLOCK, type Clock, LOGGER, type Logger } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RECEIPT_KEYS, type ReceiptKeys } from './receipt-keys.js';

const LOOK_EVERY_MS = 3_600_000;

/** Looks after the signing keys now and then, so that they are rotated even while nobody asks for the published ones. */
@Injectable()
export class KeyRotation {
  #cancel: () => void = () => undefined;

  constructor(
    @Inject(RECEIPT_KEYS) private readonly keys: ReceiptKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    this.#cancel = this.clock.schedule(LOOK_EVERY_MS, () => {
      this.keys.refresh().catch((error: unknown) => this.logger.error({ err: error }, 'signing keys not refreshed'));
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }
}
