import type { ClientBase } from 'pg';
import { type DataSource, type EntityManager, type QueryRunner, QueryRunnerAlreadyReleasedError } from 'typeorm';

/**
 * One unit of work on a connection that has begun a transaction. Its query runner
 * - believes that a transaction is open and does not begin another one (`save` would);
 * - refuses a statement that was not awaited and arrives after the unit's end. TypeORM's own check is not enough: it looks
 *   before it waits, and what comes through later would join whatever the connection does next.
 */
export interface UnitRunner {
  readonly manager: EntityManager;
  readonly runner: QueryRunner;
  /** What the first failing statement said. */
  readonly failure: unknown;
  /** From now on the unit's manager refuses every statement. */
  close(): void;
}

export function openUnitRunner(client: ClientBase, source: DataSource): UnitRunner {
  let isOpen = true;
  let failure: unknown;
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (text: string, parameters?: unknown[]) => {
    if (!isOpen) throw new QueryRunnerAlreadyReleasedError();
    try {
      return await client.query(text, parameters);
    } catch (error) {
      failure ??= error;
      throw error;
    }
  };
  const databaseConnection = {
    // One after the other, also when `work` does several things at once: a connection does one at a time.
    query: (text: string, parameters?: unknown[]) => {
      const answer = last.then(() => ask(text, parameters));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
  const runner = source.createQueryRunner() as QueryRunner & { isReleased: boolean };
  Object.assign(runner, { databaseConnection, isTransactionActive: true, transactionDepth: 1 });
  return {
    manager: runner.manager,
    runner,
    get failure() {
      return failure;
    },
    close: () => {
      isOpen = false;
      runner.isReleased = true;
    },
  };
}
