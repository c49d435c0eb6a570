import type { Database } from '@expacti/persistence';

/** How the engine finds the rows of a statement: one line for each step, as its EXPLAIN words it. */
export interface QueryPlan {
  readonly statement: string;
  readonly steps: readonly string[];
}

/** Notes every statement on certain tables that a database is asked, and tells by which way it is answered. */
export class QueryRecorder {
  readonly #database: Database;
  /** With the values of its first use: PostgreSQL plans by them. */
  readonly #statements = new Map<string, readonly unknown[]>();

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @param prefix of the names of the tables */
  static async on(database: Database, prefix: string): Promise<QueryRecorder> {
    const recorder = new QueryRecorder(database);
    const isNoted = (statement: string) =>
      /^(SELECT|UPDATE|DELETE)/.test(statement) && statement.includes(`"${prefix}`);
    const logQuery = (statement: string, values: readonly unknown[] = []) => {
      if (isNoted(statement) && !recorder.#statements.has(statement)) recorder.#statements.set(statement, values);
    };
    const listen = async ({ connection }: { connection: { logger: { logQuery: unknown } } }) => {
      const { logger } = connection;
      connection.logger = Object.assign(Object.create(logger), { logQuery });
    };
    // They need not be one connection.
    await database.read(listen as never);
    await database.transaction(listen as never);
    return recorder;
  }

  get size(): number {
    return this.#statements.size;
  }

  async plans(): Promise<QueryPlan[]> {
    const explain = this.#database.dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN (COSTS OFF)';
    const plans: QueryPlan[] = [];
    for (const [statement, values] of [...this.#statements]) {
      const rows = await this.#database.transaction((manager) =>
        manager.query<{ detail?: string; 'QUERY PLAN'?: string }[]>(`${explain} ${statement}`, [...values]),
      );
      plans.push({ statement, steps: rows.map((row) => (row.detail ?? row['QUERY PLAN'] ?? '').trim()) });
    }
    return plans;
  }
}
