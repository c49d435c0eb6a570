import type { EntityManager } from 'typeorm';

/**
 * Until this transaction ends, no other transaction that names the same key gets past this point: those that come later
 * wait, and then see what this one has committed.
 *
 * For what reads, decides and writes where neither a row's lock nor a unique index stands in the way of another doing the
 * same at the same time: on PostgreSQL transactions run side by side, and each statement sees only what was committed
 * when it began. Call it first, before anything is read. On SQLite transactions come one after the other anyway.
 *
 * A transaction that names several keys names them in one order everywhere; otherwise two may wait for each other, and one
 * of them fails as `DatabaseUnavailable`.
 * @param manager the one that `Database.transaction` gave
 */
export async function serialize(manager: EntityManager, key: string): Promise<void> {
  if (manager.queryRunner?.isTransactionActive !== true)
    throw new Error(`serialize('${key}') needs the manager of a running transaction`);
  if (manager.connection.options.type !== 'postgres') return;
  // Two keys of one hash wait for each other without need, which does no harm.
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
}
