import { HINTS } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { type Fact, LOGGER, type Logger, parseFact } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { EntryWriter } from '../service/entry-writer.js';

/** Nobody waits for an entry, so deliveries gather a moment and share a commit. */
const LINGER_MS = 100;

/**
 * Takes every event there is, so that a new type cannot be forgotten here. One that does not fit its contract comes
 * again as often as the bus allows and then lies among the dead letters of the group `audit`, for an operator to replay:
 * it neither blocks the chain nor gets into it unchecked.
 */
@Controller()
export class AuditConsumer {
  constructor(
    @Inject(EntryWriter) private readonly writer: EntryWriter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @EventPattern('*', { group: 'audit', lingerMs: LINGER_MS })
  async record(event: BusEvent): Promise<void> {
    // Hints repeat what facts say.
    if (Object.hasOwn(HINTS, event.type)) return;
    await this.writer.append(this.#checked(event));
  }

  #checked(event: BusEvent): Fact {
    try {
      return parseFact(event);
    } catch (error) {
      const { id, type, org } = event;
      this.logger.error(
        { event: { id, type, org }, err: error },
        'An event does not fit its contract and is not audited.',
      );
      throw error;
    }
  }
}
