import {
  type Actor,
  type AgentPrincipal,
  actorOf,
  ExpactiError,
  type RpcHandled,
  type Session,
  type UserPrincipal,
} from '@expacti/contracts';
import { appendToOutbox, cutPage, type Database, decodeCursor, newId } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, fact, timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { SessionRow } from '../storage/session-row.js';

type ListRequest = RpcHandled<'sessions.list'>['query'];
type StartRequest = Omit<RpcHandled<'sessions.start'>, 'principal'>;

/** Sessions of agents: who worked, where, from when to when. */
@Injectable()
export class SessionService {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(@Inject(DATABASE) database: Database, @Inject(CLOCK) clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async start(principal: AgentPrincipal, request: StartRequest): Promise<Session> {
    const now = this.#clock.now();
    const row: SessionRow = {
      id: newId('ses'),
      org: principal.org,
      agentId: principal.id,
      agentName: principal.name,
      name: request.name,
      target: request.target,
      labels: request.labels,
      client: request.client,
      startedAt: now,
      endedAt: null,
    };
    const session = present(row);
    await this.#database.transaction(async (manager) => {
      await manager.insert(SessionRow, row);
      const payload = { actor: actorOf(principal), subject: subjectOf(row), data: { session } };
      await appendToOutbox(manager, [fact('session.started', row.org, row.id, now, payload)]);
    });
    return session;
  }

  /** @throws NOT_FOUND for another agent's session, and for one that has ended */
  async resume(principal: AgentPrincipal, id: string): Promise<Session> {
    const row = await this.#database.read((manager) =>
      manager.findOneBy(SessionRow, { org: principal.org, agentId: principal.id, id, endedAt: IsNull() }),
    );
    if (row === null) throw new ExpactiError('NOT_FOUND', 'There is no open session of that id. Start a new one.');
    return present(row);
  }

  /** Ending an ended session changes nothing. @throws NOT_FOUND for another agent's session */
  end(principal: AgentPrincipal, id: string): Promise<void> {
    const now = this.#clock.now();
    const own = { org: principal.org, agentId: principal.id, id };
    return this.#database.transaction(async (manager) => {
      const row = await manager.findOneBy(SessionRow, own);
      if (row === null) throw notFound();
      const ended = await manager.update(SessionRow, { ...own, endedAt: IsNull() }, { endedAt: now });
      if (ended.affected !== 1) return;
      const actor: Actor = actorOf(principal);
      const payload = { actor, subject: subjectOf(row), data: { session_id: row.id } };
      await appendToOutbox(manager, [fact('session.ended', row.org, row.id, now, payload)]);
    });
  }

  async get(principal: UserPrincipal, id: string): Promise<Session> {
    mayRead(principal);
    const row = await this.#database.read((manager) => manager.findOneBy(SessionRow, { org: principal.org, id }));
    if (row === null) throw notFound();
    return present(row);
  }

  /** Newest first: ids grow with time. */
  async list(principal: UserPrincipal, request: ListRequest): Promise<{ data: Session[]; next_cursor: string | null }> {
    mayRead(principal);
    const rows = await this.#database.read((manager) => {
      const query = manager.createQueryBuilder(SessionRow, 'row').where('row.org = :org', { org: principal.org });
      if (request.cursor !== undefined) query.andWhere('row.id < :after', { after: positionOf(request.cursor) });
      if (request.agent_id !== undefined) query.andWhere('row.agentId = :agent', { agent: request.agent_id });
      if (request.active === 'true') query.andWhere('row.endedAt IS NULL');
      if (request.active === 'false') query.andWhere('row.endedAt IS NOT NULL');
      return query
        .orderBy('row.id', 'DESC')
        .limit(request.limit + 1)
        .getMany();
    });
    const page = cutPage(rows, request.limit, (row) => [row.id]);
    return { data: page.rows.map(present), next_cursor: page.nextCursor };
  }
}

const subjectOf = (row: SessionRow) => ({ type: 'session', id: row.id });
const notFound = () => new ExpactiError('NOT_FOUND', 'There is no such session.');

/** The gateway has checked it; an answer that depended on that alone would be one mistake away from everybody. */
function mayRead(principal: UserPrincipal): void {
  if (principal.permissions.includes('sessions:read')) return;
  throw new ExpactiError('FORBIDDEN', 'This needs the permission sessions:read.');
}

function positionOf(cursor: string): string {
  const position = decodeCursor(cursor, ['string']);
  if (position !== null) return position[0];
  const message = 'is not one that this list gave out';
  throw new ExpactiError('INVALID', `cursor: ${message}`, { fields: [{ path: 'cursor', message }] });
}

const present = (row: SessionRow): Session => ({
  id: row.id,
  name: row.name,
  agent: { id: row.agentId, name: row.agentName },
  target: row.target,
  labels: row.labels,
  client: row.client,
  started_at: timestamp(row.startedAt),
  ended_at: row.endedAt === null ? null : timestamp(row.endedAt),
});
