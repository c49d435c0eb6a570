import type { ClientBase } from 'pg';
import { noAnswer } from './postgres-errors.js';

/**
 * From now on each statement of this connection is answered within the limit, or the connection is given up: a server that
 * stands still must read as an error, never as silence. It is not asked again on the same connection, which would wait
 * behind the old question; the pool opens another.
 *
 * Statements with a callback are left alone: neither we nor TypeORM's query runner use any.
 */
export function boundAnswers(client: ClientBase, limitMs: number): void {
  const { stream } = (client as unknown as { connection: { stream: { destroy(reason: Error): void } } }).connection;
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown> | undefined;
  const bounded = (...args: unknown[]) => {
    const answer = query(...args);
    if (answer === undefined) return undefined;
    const timer = setTimeout(() => stream.destroy(noAnswer(limitMs)), limitMs);
    const settled = () => clearTimeout(timer);
    answer.then(settled, settled);
    return answer;
  };
  client.query = bounded as typeof client.query;
}
