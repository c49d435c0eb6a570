import type { Actor, EventPayload, EventType, HintPayload } from '@expacti/contracts';
import { appendToOutbox, type OutboxEvent } from '@expacti/persistence';
import { fact, hint } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import type { FieldChanges } from '../domain/field-changes.js';
import { OrgRow } from './org-row.js';

type Revoked = HintPayload<'identity.changed'>['revoked'];

/** Facts whose data is just the fields that changed. */
type ChangeFact = {
  [T in EventType]: EventPayload<T>['data'] extends { fields: Record<string, unknown> } ? T : never;
}[EventType];

/**
 * One transaction on one org: its changes, the facts that tell of them, and what gateways have to forget. No other change
 * of that org runs at the same time (see `IdentityWriter`).
 */
export class ChangeUnit {
  readonly manager: EntityManager;
  readonly org: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly #events: OutboxEvent[] = [];
  #revoked: Revoked | undefined;

  constructor(manager: EntityManager, org: string, now: number) {
    this.manager = manager;
    this.org = org;
    this.now = now;
  }

  /** Tells everybody (and audit) what happened. `fields` must hold no secret and no hash of one. */
  record(type: ChangeFact, actor: Actor, subject: { type: string; id: string }, fields: FieldChanges | object): void {
    const payload = { actor, subject, data: { fields: { ...fields } } };
    this.#events.push(fact<ChangeFact>(type, this.org, subject.id, this.now, payload));
  }

  /** Gateways forget what they cached of this org, and close what `revoked` names, before the change is answered. */
  forget(revoked: Partial<Revoked> = {}): void {
    const all = this.#revoked ?? { token_ids: [], agent_ids: [], user_ids: [], sign_in_ids: [] };
    this.#revoked = {
      token_ids: [...all.token_ids, ...(revoked.token_ids ?? [])],
      agent_ids: [...all.agent_ids, ...(revoked.agent_ids ?? [])],
      user_ids: [...all.user_ids, ...(revoked.user_ids ?? [])],
      sign_in_ids: [...all.sign_in_ids, ...(revoked.sign_in_ids ?? [])],
    };
  }

  /** Puts the events in the outbox. Answers the version that gateways must reach, or null when none has to. */
  async finish(): Promise<number | null> {
    const version = this.#revoked === undefined ? null : await this.#nextVersion();
    if (this.#revoked !== undefined && version !== null) {
      this.#events.push(
        hint('identity.changed', this.org, this.now, { org: this.org, version, revoked: this.#revoked }),
      );
    }
    await appendToOutbox(this.manager, this.#events);
    return version;
  }

  async #nextVersion(): Promise<number> {
    await this.manager.increment(OrgRow, { id: this.org }, 'freshness', 1);
    const org = await this.manager.findOneByOrFail(OrgRow, { id: this.org });
    return org.freshness;
  }
}
