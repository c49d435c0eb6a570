import { type Database, DatabaseUnavailable, isUniqueViolation, serialize } from '@expacti/persistence';
import { DATABASE, type Fact, parseFact } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type CommandChange, commandChange } from '../domain/command-change.js';
import { EntryRow } from '../storage/entry-row.js';
import { appendEntries, ChainMoved, unrecorded } from '../storage/entry-store.js';
import { writeHistory } from '../storage/history-writer.js';

/**
 * Facts that share one transaction: few, because whatever else the process does waits for it, and more when many wait, so
 * that a backlog does not last.
 */
const SMALLEST_BATCH = 24;
const batchSize = (waiting: number): number => Math.max(SMALLEST_BATCH, Math.ceil(waiting / 4));
const MAX_ATTEMPTS = 5;

interface Waiting {
  readonly fact: Fact;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes facts into the chains and the history, many in one transaction when many wait. A fact that cannot be written
 * fails alone: the others of its batch are written without it.
 */
@Injectable()
export class EntryWriter {
  readonly #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Resolves when the fact's entry is durable, now or from an earlier delivery. */
  append(fact: Fact): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ fact, resolve, reject });
      void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    // What is handed over in this turn of the event loop comes along.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#writeBatch(this.#waiting.splice(0, batchSize(this.#waiting.length)));
    this.#isWriting = false;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#record(batch.map(({ fact }) => fact));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1 || error instanceof DatabaseUnavailable) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const one of batch) await this.#writeBatch([one]);
    }
  }

  async #record(facts: readonly Fact[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.database.transaction(
          async (manager) => {
            const byOrg = Map.groupBy(facts, (fact) => fact.org);
            // One appender of a chain at a time, and chains always in the same order.
            for (const org of [...byOrg.keys()].sort()) {
              await serialize(manager, `audit:${org}`);
              await recordOfOrg(manager, org, byOrg.get(org) ?? []);
            }
          },
          { isPatient: true },
        );
        return;
      } catch (error) {
        // Another process appended to the same chain: look again at where it ends.
        const wasOvertaken = error instanceof ChainMoved || isUniqueViolation(error);
        if (!wasOvertaken || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }
}

async function recordOfOrg(manager: EntityManager, org: string, facts: readonly Fact[]): Promise<void> {
  const fresh = await unrecorded(manager, org, facts);
  if (fresh.length === 0) return;
  const changes = fresh.map(commandChange).filter((change) => change !== null);
  // Before the entries are there: what the history looks up of earlier ones is then not these again.
  await writeHistory(manager, org, changes, (commandIds) => recordedBefore(manager, org, commandIds));
  await appendEntries(manager, org, fresh);
}

type Later = Exclude<CommandChange, { record: unknown }>;

/** What the entries tell of commands that the history does not know yet. */
async function recordedBefore(manager: EntityManager, org: string, commandIds: readonly string[]): Promise<Later[]> {
  // Sorted here: asked for an order, SQLite would walk the whole chain in it instead of looking the commands up.
  const rows = await manager.find(EntryRow, { where: { org, commandId: In(commandIds) } });
  return rows
    .sort((one, other) => one.sequence - other.sequence)
    .map((row) => commandChange(factOf(row)))
    .filter((change): change is Later => change !== null && !('record' in change));
}

function factOf({ eventId, org, at, action, actor, subjectType, subjectId, data, commandId }: EntryRow): Fact {
  const payload = { actor, subject: { type: subjectType, id: subjectId }, data };
  return parseFact({
    id: eventId,
    type: action,
    org,
    key: commandId ?? subjectId,
    at: new Date(at).toISOString(),
    payload,
  });
}
