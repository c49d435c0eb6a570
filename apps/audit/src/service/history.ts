import {
  actorOf,
  type Command,
  type CommandResult,
  ExpactiError,
  type QueueSummary,
  type RpcHandled,
  type RpcResponse,
} from '@expacti/contracts';
import { appendToOutbox, type Clock, type Database } from '@expacti/persistence';
import { CLOCK, DATABASE, fact, timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RunResult } from '../domain/command-change.js';
import { dayOf, median, startOfDay } from '../domain/day-counts.js';
import type { DayRow } from '../storage/day-row.js';
import { commandEntries, lastTimeOf } from '../storage/entry-store.js';
import * as store from '../storage/history-store.js';
import { updateWhereNull } from '../storage/history-writer.js';

/** One command's story is longer than this only if somebody tries. */
const TIMELINE_LIMIT = 1_000;
/** The median of a day is taken over the newest of its decisions. */
const MEDIAN_OF = 10_000;

/** The history of all commands, whoever decided them. */
@Injectable()
export class History {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list({ principal, query }: RpcHandled<'audit.commands.list'>): Promise<RpcResponse<'audit.commands.list'>> {
    const page = await this.database.read((manager) => store.listCommands(manager, principal.org, query));
    return { data: page.commands, next_cursor: page.nextCursor };
  }

  /** Null for what is not known (yet), and for another agent's. */
  async get({ principal, id }: RpcHandled<'audit.commands.get'>): Promise<Command | null> {
    const row = await this.database.read((manager) => store.findCommand(manager, principal.org, id));
    if (row === null || (principal.kind === 'agent' && row.agentId !== principal.id)) return null;
    return store.presentCommand(row);
  }

  async timeline({
    principal,
    id,
  }: RpcHandled<'audit.commands.timeline'>): Promise<RpcResponse<'audit.commands.timeline'>> {
    const entries = await this.database.read((manager) => commandEntries(manager, principal.org, id, TIMELINE_LIMIT));
    if (entries.length === 0) throw new ExpactiError('NOT_FOUND');
    return { data: entries.map(({ at, actor, action, data }) => ({ at, actor, action, data })) };
  }

  async recent({
    org,
    since,
    limit,
  }: RpcHandled<'audit.commands.recent'>): Promise<RpcResponse<'audit.commands.recent'>> {
    const commands = await this.database.read((manager) =>
      store.recentCommands(manager, org, Date.parse(since), limit),
    );
    return { commands };
  }

  /**
   * Keeps what the run of a command came to that a rule had allowed. The first report stands. Null for what is not known
   * (yet), for another agent's, and for what was held: its result belongs to the approval queue.
   */
  async result({ principal, id, result }: RpcHandled<'audit.commands.result'>): Promise<Command | null> {
    const { org } = principal;
    const run = runResultOf(result);
    return this.database.transaction(async (manager) => {
      const row = await store.findCommand(manager, org, id);
      if (row === null || row.agentId !== principal.id || row.record.approval_id !== null) return null;
      if (row.startedAt === null)
        throw new ExpactiError('NOT_ALLOWED_YET', 'The command was never started, so it has no result.');
      if (row.result === null && (await updateWhereNull(manager, { id, org }, 'result', { result: run }))) {
        const subject = { type: 'command', id };
        const finished = { actor: actorOf(principal), subject, data: run };
        await appendToOutbox(manager, [fact('command.finished', org, id, this.clock.now(), finished)]);
        return store.presentCommand({ ...row, result: run });
      }
      // Another report may have come in between: only now is it certain what it said.
      const reported = (await store.findCommand(manager, org, id)) ?? row;
      if (JSON.stringify(reported.result) !== JSON.stringify(run))
        throw new ExpactiError('ALREADY_CLOSED', 'Another result of this command was reported before.');
      return store.presentCommand(reported);
    });
  }

  async summary({ principal: { org } }: RpcHandled<'audit.summary'>): Promise<z.infer<typeof QueueSummary>> {
    const now = this.clock.now();
    return this.database.read(async (manager) => {
      const counts = await store.countsOfDay(manager, org, dayOf(now));
      const times = await store.reviewTimes(manager, org, startOfDay(now), MEDIAN_OF);
      const middle = median(times);
      const lastRequestAt = await lastTimeOf(manager, org, 'command.submitted');
      return {
        pending: await store.countPending(manager, org),
        today: {
          by_rule: total(counts, ({ source }) => source === 'rule'),
          approved: total(counts, ({ source, outcome }) => source === 'reviewer' && outcome === 'allowed'),
          denied: total(counts, ({ source, outcome }) => source === 'reviewer' && outcome === 'denied'),
          timed_out: total(counts, ({ source }) => source === 'timeout'),
          median_seconds_to_decide: middle === null ? null : middle / 1_000,
        },
        last_request_at: lastRequestAt === null ? null : timestamp(lastRequestAt),
      };
    });
  }
}

const total = (counts: readonly DayRow[], belongs: (count: DayRow) => boolean): number =>
  counts.filter(belongs).reduce((sum, { decided }) => sum + decided, 0);

const runResultOf = ({ exit_code, signal, duration_ms, output_bytes }: CommandResult): RunResult => ({
  exit_code: exit_code ?? null,
  signal: signal ?? null,
  duration_ms,
  output_bytes: output_bytes ?? null,
});
