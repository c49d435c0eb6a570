import { type Command, type CommandListQuery, ExpactiError } from '@expacti/contracts';
import { cutPage, decodeCursor } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { type EntityManager, MoreThanOrEqual, type SelectQueryBuilder } from 'typeorm';
import type { z } from 'zod';
import { CommandRow } from './command-row.js';
import { DayRow } from './day-row.js';

type Query = z.infer<typeof CommandListQuery>;

export async function findCommand(manager: EntityManager, org: string, id: string): Promise<CommandRow | null> {
  return manager.findOneBy(CommandRow, { org, id });
}

/** Newest first. */
export async function listCommands(
  manager: EntityManager,
  org: string,
  query: Query,
): Promise<{ commands: Command[]; nextCursor: string | null }> {
  const { limit, cursor } = query;
  const builder = newestFirst(manager, org).limit(limit + 1);
  restrict(builder, query);
  if (cursor !== undefined) {
    const position = decodeCursor(cursor, ['number', 'string']);
    if (position === null) throw new ExpactiError('INVALID', 'cursor: is not a cursor of this list');
    const [createdAt, id] = position;
    builder.andWhere('(command.createdAt, command.id) < (:createdAt, :id)', { createdAt, id });
  }
  const page = cutPage(await builder.getMany(), limit, ({ createdAt, id }) => [createdAt, id]);
  return { commands: page.rows.map(presentCommand), nextCursor: page.nextCursor };
}

/** Decided since a moment, newest first. */
export async function recentCommands(
  manager: EntityManager,
  org: string,
  since: number,
  limit: number,
): Promise<Command[]> {
  const rows = await newestFirst(manager, org)
    .andWhere('command.createdAt >= :since', { since })
    .andWhere("command.status <> 'pending'")
    .limit(limit)
    .getMany();
  return rows.map(presentCommand);
}

/** How many wait for a person now. */
export const countPending = (manager: EntityManager, org: string): Promise<number> =>
  manager.countBy(CommandRow, { org, status: 'pending' });

/** How many commands were decided on a day, by source and outcome. */
export const countsOfDay = (manager: EntityManager, org: string, day: string): Promise<DayRow[]> =>
  manager.findBy(DayRow, { org, day });

/** How long people took for what they decided since `since`, in milliseconds. No request waits longer than a day. */
export async function reviewTimes(
  manager: EntityManager,
  org: string,
  since: number,
  limit: number,
): Promise<number[]> {
  const rows = await manager.find(CommandRow, {
    select: { id: true, createdAt: true, decidedAt: true },
    where: {
      org,
      source: 'reviewer',
      createdAt: MoreThanOrEqual(since - 86_400_000),
      decidedAt: MoreThanOrEqual(since),
    },
    order: { createdAt: 'DESC', id: 'DESC' },
    take: limit,
  });
  return rows.map(({ createdAt, decidedAt }) => (decidedAt ?? createdAt) - createdAt);
}

export function presentCommand(row: CommandRow): Command {
  const { record, text, decision, status, deadlineAt, startedAt, result } = row;
  return {
    ...record,
    context: record.context as Command['context'],
    command: text,
    status,
    ...(deadlineAt === null ? {} : { deadline_at: timestamp(deadlineAt) }),
    decision,
    started_at: startedAt === null ? null : timestamp(startedAt),
    result,
  };
}

const newestFirst = (manager: EntityManager, org: string): SelectQueryBuilder<CommandRow> =>
  manager
    .createQueryBuilder(CommandRow, 'command')
    .where('command.org = :org', { org })
    .orderBy('command.createdAt', 'DESC')
    .addOrderBy('command.id', 'DESC');

function restrict(builder: SelectQueryBuilder<CommandRow>, query: Query): void {
  const { q, status, kind, source, agent_id, session_id, rule_id, target, since, until } = query;
  if (status !== undefined) builder.andWhere('command.status = :status', { status });
  if (kind !== undefined) builder.andWhere('command.kind = :kind', { kind });
  if (source !== undefined) builder.andWhere('command.source = :source', { source });
  if (agent_id !== undefined) builder.andWhere('command.agentId = :agent_id', { agent_id });
  if (session_id !== undefined) builder.andWhere('command.sessionId = :session_id', { session_id });
  if (rule_id !== undefined) builder.andWhere('command.ruleId = :rule_id', { rule_id });
  if (target !== undefined) builder.andWhere('command.target = :target', { target });
  if (since !== undefined) builder.andWhere('command.createdAt >= :since', { since: Date.parse(since) });
  if (until !== undefined) builder.andWhere('command.createdAt < :until', { until: Date.parse(until) });
  if (q !== undefined && q !== '') {
    // The engine lowers both sides, so that they agree whatever it knows of letters beyond ASCII. The comparison around it
    // keeps PostgreSQL from taking a match for so rare that it reads every org's rows instead of walking this one's.
    const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
    const found = "LOWER(command.text) LIKE LOWER(:pattern) ESCAPE '\\'";
    builder.andWhere(`CASE WHEN ${found} THEN 1 ELSE 0 END > 0`, { pattern });
  }
}
