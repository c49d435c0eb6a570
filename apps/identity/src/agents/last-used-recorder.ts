import { type Database, serialize } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, LOGGER, type Logger } from '@expacti/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type EntityManager, IsNull, LessThan } from 'typeorm';
import { AgentRow } from '../storage/agent-row.js';
import { AgentTokenRow } from '../storage/agent-token-row.js';

const FLUSH_MS = 30_000;

interface Use {
  id: string;
  org: string;
  agentId: string;
  at: number;
}

/**
 * Remembers when tokens were last used and writes it down now and then, all at once: a write per call would make every
 * authentication wait for the disk. A crash forgets at most the last half minute of it.
 */
@Injectable()
export class LastUsedRecorder implements OnModuleDestroy {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #uses = new Map<string, Use>();
  #cancelTimer: (() => void) | undefined;

  constructor(@Inject(DATABASE) database: Database, @Inject(CLOCK) clock: Clock, @Inject(LOGGER) logger: Logger) {
    this.#database = database;
    this.#clock = clock;
    this.#logger = logger;
  }

  used(token: AgentTokenRow): void {
    this.#uses.set(token.id, { id: token.id, org: token.org, agentId: token.agentId, at: this.#clock.now() });
    this.#cancelTimer ??= this.#clock.schedule(FLUSH_MS, () => void this.flush());
  }

  /** Writes down what is remembered. What cannot be written now is tried again with the next use. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    for (const [org, ofOrg] of Map.groupBy(uses.values(), (use) => use.org)) {
      try {
        await this.#database.transaction((manager) => writeDown(manager, org, ofOrg));
      } catch (error) {
        this.#uses = new Map([...ofOrg.map((use) => [use.id, use] as const), ...this.#uses]);
        this.#logger.warn({ err: error }, 'could not write down when tokens were last used');
      }
    }
  }

  onModuleDestroy(): Promise<void> {
    return this.flush();
  }
}

/** Every replica writes down what it has seen of the same tokens, in any order: the latest stays. */
async function writeDown(manager: EntityManager, org: string, uses: readonly Use[]): Promise<void> {
  // In turn with the org's changes, which lock the same rows in another order.
  await serialize(manager, `identity:${org}`);
  for (const { id, agentId, at } of uses) {
    for (const lastUsedAt of [IsNull(), LessThan(at)])
      await manager.update(AgentTokenRow, { org, id, lastUsedAt }, { lastUsedAt: at });
    for (const lastSeenAt of [IsNull(), LessThan(at)])
      await manager.update(AgentRow, { org, id: agentId, lastSeenAt }, { lastSeenAt: at });
  }
}
