import type { ClientBase, ClientConfig, Pool, PoolConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { within } from '../within.js';
import { boundAnswers } from './bound-answers.js';
import { numberTypes } from './number-types.js';
import { noAnswer } from './postgres-errors.js';

/** How long connecting, waiting for a place in a pool, waiting for a lock, or a statement that asks for nothing may take. */
export const PATIENCE_MS = 5_000;
/** The server ends a statement by itself; only one that stands still has to be given up from here. */
const GRACE_MS = 1_000;
const IDLE_MS = 30_000;
const KEEPALIVE_MS = 10_000;

/** What the sessions of one pool are for. */
export interface SessionOptions {
  readonly isReadOnly: boolean;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** How long a transaction may stand still before the server ends it: its locks hold up others. */
  readonly idleInTransactionMs: number;
}

/** A single connection. Call `prepareSession` once it is open, and listen to its errors. */
export function clientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'expacti',
    connectionTimeoutMillis: PATIENCE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    types: numberTypes,
  };
}

/** Connections that are opened as they are needed, each with its session prepared. */
export function poolConfig(url: string, max: number, session: SessionOptions): PoolConfig {
  const onConnect = (client: ClientBase) => prepareSession(client, session);
  return { ...clientConfig(url), max, idleTimeoutMillis: IDLE_MS, onConnect } as PoolConfig;
}

/** The pool that TypeORM has opened for a data source; there is none before, nor after it is closed. */
export function poolOf(source: DataSource): Pool | undefined {
  return (source.driver as unknown as { master?: Pool }).master;
}

/**
 * Settings that must hold whatever the server, the role, the database or the URL say. They are set and not given at
 * start-up, where the URL could overrule them.
 */
export async function prepareSession(client: ClientBase, session: SessionOptions): Promise<void> {
  const settings = {
    // A commit is answered when it is on the disk, also where the server is set to be quicker.
    synchronous_commit: 'on',
    default_transaction_isolation: "'read committed'",
    default_transaction_read_only: session.isReadOnly ? 'on' : 'off',
    statement_timeout: session.statementTimeoutMs,
    lock_timeout: session.lockTimeoutMs,
    idle_in_transaction_session_timeout: session.idleInTransactionMs,
    timezone: "'UTC'",
  };
  boundAnswers(client, session.statementTimeoutMs + GRACE_MS);
  const statements = Object.entries(settings).map(([name, value]) => `SET ${name} = ${value}`);
  await promptly(client.query(statements.join('; ')));
}

/** For statements that take no time on a server that answers at all. */
export function promptly<T>(answer: Promise<T>): Promise<T> {
  return within(PATIENCE_MS, answer, () => noAnswer(PATIENCE_MS));
}
