export { type Clock, systemClock } from './clock.js';
export * from './columns.js';
export { type CommitListener, signalOnCommit } from './commit-signals.js';
export { compareAndSwap, type Versioned } from './compare-and-swap.js';
export type { ColumnValue, Database, PreparedRow, TransactionOptions } from './database.js';
export {
  DatabaseUnavailable,
  isUniqueViolation,
  NestedTransactionError,
  TransactionTimeout,
} from './database-errors.js';
export { cutPage, decodeCursor, encodeCursor } from './keyset-cursor.js';
export { type DatabaseOptions, type EntityClass, openDatabase } from './open-database.js';
export { appendToOutbox, OUTBOX_TOPIC, type OutboxEvent } from './outbox/append-to-outbox.js';
export { OutboxRow } from './outbox/outbox-row.js';
export { serialize } from './serialize.js';
export { createIdSource, isId, newId, type RandomSource } from './type-id.js';
