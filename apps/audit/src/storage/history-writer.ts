import type { CommandRecord, Decision } from '@expacti/contracts';
import { type EntityManager, In, IsNull } from 'typeorm';
import type { CommandChange } from '../domain/command-change.js';
import { dayOf } from '../domain/day-counts.js';
import { CommandRow } from './command-row.js';
import { DayRow } from './day-row.js';
import { insertRows } from './insert-rows.js';

type Opening = Extract<CommandChange, { record: unknown }>;
type Later = Exclude<CommandChange, Opening>;

const isOpening = (change: CommandChange): change is Opening => 'record' in change;

/**
 * Brings the history up to what the events say. Idempotent by state: a command opens once, closes once, and keeps its
 * first start and first result.
 * @param earlier finds what was recorded of these commands before they opened: an agent may report an end on another
 *   path than the one that tells of the beginning, and be faster
 */
export async function writeHistory(
  manager: EntityManager,
  org: string,
  changes: readonly CommandChange[],
  earlier: (commandIds: readonly string[]) => Promise<Later[]>,
): Promise<void> {
  const opened = await insertNew(manager, org, changes.filter(isOpening));
  const later = changes.filter((change) => !isOpening(change));
  const missed = opened.length === 0 ? [] : await earlier(opened.map(({ id }) => id));
  const closings: (Omit<Decision, 'receipt'> | null)[] = opened.map(({ decision }) => decision);
  for (const change of [...missed, ...later]) closings.push(await applyLater(manager, org, change));
  await countDecisions(manager, org, closings);
}

async function insertNew(manager: EntityManager, org: string, openings: readonly Opening[]): Promise<CommandRow[]> {
  if (openings.length === 0) return [];
  const rows = new Map(openings.map((opening) => [opening.record.id, rowOf(org, opening)]));
  const known = await manager.find(CommandRow, { select: { id: true }, where: { id: In([...rows.keys()]) } });
  for (const { id } of known) rows.delete(id);
  const opened = [...rows.values()];
  await insertRows(manager, CommandRow, opened);
  return opened;
}

/** Returns the decision that closed a command, if this change did. */
async function applyLater(
  manager: EntityManager,
  org: string,
  change: Later,
): Promise<Omit<Decision, 'receipt'> | null> {
  const id = change.commandId;
  switch (change.kind) {
    case 'closed': {
      const { decision } = change;
      const { outcome: status, source, rule_id: ruleId = null } = decision;
      const decidedAt = Date.parse(decision.decided_at);
      const where = { id, org, status: 'pending' as const };
      const result = await manager.update(CommandRow, where, { status, source, ruleId, decision, decidedAt });
      return result.affected === 1 ? decision : null;
    }
    case 'started':
      await updateWhereNull(manager, { id, org }, 'startedAt', { startedAt: change.at });
      return null;
    case 'finished':
      await updateWhereNull(manager, { id, org }, 'result', { result: change.result });
      return null;
  }
}

/** Keeps the first value that a column got. Returns whether this was it. */
export async function updateWhereNull(
  manager: EntityManager,
  { id, org }: { id: string; org: string },
  column: 'startedAt' | 'result',
  value: Partial<Pick<CommandRow, 'startedAt' | 'result'>>,
): Promise<boolean> {
  const result = await manager
    .createQueryBuilder()
    .update(CommandRow)
    .set(value)
    .where({ id, org, [column]: IsNull() })
    .execute();
  return result.affected === 1;
}

async function countDecisions(
  manager: EntityManager,
  org: string,
  decisions: readonly (Omit<Decision, 'receipt'> | null)[],
): Promise<void> {
  const counts = new Map<string, { day: string; source: string; outcome: string; count: number }>();
  for (const decision of decisions) {
    if (decision === null) continue;
    const { source, outcome } = decision;
    const day = dayOf(Date.parse(decision.decided_at));
    const key = `${day} ${source} ${outcome}`;
    const counted = counts.get(key) ?? { day, source, outcome, count: 0 };
    counted.count += 1;
    counts.set(key, counted);
  }
  for (const { count, ...cell } of counts.values()) {
    const raised = await raiseCount(manager, { org, ...cell }, count);
    if (!raised) await manager.insert(DayRow, { org, ...cell, decided: count });
  }
}

/** The manager's own `increment` writes the number into the statement, which would be prepared anew for each number. */
async function raiseCount(manager: EntityManager, cell: Omit<DayRow, 'decided'>, count: number): Promise<boolean> {
  const result = await manager
    .createQueryBuilder()
    .update(DayRow)
    .set({ decided: () => 'decided + :count' })
    .where(cell)
    .setParameters({ count })
    .execute();
  return result.affected === 1;
}

function rowOf(org: string, opening: Opening): CommandRow {
  const { command: text, ...record }: CommandRecord = opening.record;
  const decision = opening.kind === 'decided' ? opening.decision : null;
  const decidedAt = decision && Date.parse(decision.decided_at);
  return {
    ...{ org, text, record, decision, decidedAt },
    id: record.id,
    status: decision?.outcome ?? 'pending',
    kind: record.kind,
    source: decision?.source ?? null,
    agentId: record.agent.id,
    sessionId: record.session_id,
    target: record.target,
    ruleId: decision?.rule_id ?? null,
    createdAt: Date.parse(record.created_at),
    deadlineAt: opening.kind === 'held' ? opening.deadlineAt : null,
    startedAt: opening.kind === 'decided' && opening.started ? decidedAt : null,
    result: null,
  };
}
