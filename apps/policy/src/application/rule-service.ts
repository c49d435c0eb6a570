import {
  actorOf,
  ExpactiError,
  type FieldProblem,
  type NewRule,
  type Org,
  type Rule,
  type RuleChange,
  type RuleScope,
  type UserPrincipal,
} from '@expacti/contracts';
import type { Clock, Database } from '@expacti/persistence';
import { newId } from '@expacti/persistence';
import type { RpcClient } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import { MAX_RULES } from '../domain/limits.js';
import { changedDraft, draftOf, isExpired, type RuleDraft } from '../domain/rule-draft.js';
import { ruleFingerprint } from '../domain/rule-fingerprint.js';
import { type RuleSetting, ruleProblems } from '../domain/rule-problems.js';
import { strengthAfterChange } from '../domain/rule-strength.js';
import { tendencyOfCreation, tendencyOfRemoval, tendencyOfUpdate } from '../domain/tendency.js';
import {
  deleteExpiredRules,
  deleteRule,
  findRule,
  findSameRule,
  insertRules,
  releaseExpired,
  updateRule,
} from '../storage/rule-repository.js';
import { acceptSuggestions } from '../storage/suggestion-repository.js';
import { scopeExists } from '../storage/target-repository.js';
import type { Change, ChangeTools, PolicyChanges } from './policy-changes.js';
import { ruleCreated, ruleDeleted, ruleUpdated } from './rule-facts.js';

/** Who makes a rule, and by which approval. */
export interface RuleMaker {
  actor: { kind: 'user' | 'agent' | 'system'; id: string; name: string };
  approvedFor: Rule['approved_for'];
  approvalId: string | null;
}

/** One person on the strength of their own roles. */
export const makerOf = (principal: UserPrincipal): RuleMaker => ({
  actor: actorOf(principal),
  approvedFor: { approvers: 1, roles: principal.roles, groups: principal.groups },
  approvalId: null,
});

export const ruleInvalid = (fields: FieldProblem[]): ExpactiError =>
  new ExpactiError(
    'RULE_INVALID',
    fields
      .map((field) => `${field.path}: ${field.message}`)
      .join('; ')
      .slice(0, 1_000),
    {
      fields: fields.slice(0, 100),
    },
  );

/** Making, changing and deleting rules one at a time. */
export class RuleService {
  readonly #database: Database;
  readonly #changes: PolicyChanges;
  readonly #rpc: RpcClient;
  readonly #clock: Clock;

  constructor(ports: { database: Database; changes: PolicyChanges; rpc: RpcClient; clock: Clock }) {
    this.#database = ports.database;
    this.#changes = ports.changes;
    this.#rpc = ports.rpc;
    this.#clock = ports.clock;
  }

  async get(org: string, id: string): Promise<Rule> {
    return this.#database.read((manager) => existingRule(manager, org, id));
  }

  async create(principal: UserPrincipal, rule: NewRule): Promise<Rule> {
    const { org } = principal;
    const draft = draftOf(rule);
    refuseInvalid(draft, { now: this.#clock.now(), rememberDynamic: await this.rememberDynamic(org) });
    return this.#changes.make(org, (tools) => createRule(tools, org, draft, makerOf(principal)));
  }

  async update(principal: UserPrincipal, id: string, change: RuleChange): Promise<Rule> {
    const { org } = principal;
    const rememberDynamic = await this.rememberDynamic(org);
    return this.#changes.make(org, async (tools) => {
      const before = await existingRule(tools.manager, org, id);
      const draft = changedDraft(before, change);
      refuseInvalid(draft, { now: tools.now, rememberDynamic });
      return replaceRule(tools, org, before, draft, principal);
    });
  }

  async delete(principal: UserPrincipal, id: string): Promise<void> {
    const { org } = principal;
    await this.#changes.make(org, async ({ manager, version, now }) => {
      const rule = await existingRule(manager, org, id);
      await deleteRule(manager, org, id, version);
      const facts = [ruleDeleted(org, actorOf(principal), rule, now)];
      return { result: undefined, facts, tendency: tendencyOfRemoval(rule, now) };
    });
  }

  /** What the org settled about remembering; asked before a transaction, never inside. */
  async rememberDynamic(org: string): Promise<Org['remember_dynamic']> {
    return (await this.#rpc.ask('identity.org', { org })).remember_dynamic;
  }
}

/** Throws `RULE_INVALID` with every field that keeps the rule from being saved. */
export function refuseInvalid(draft: RuleDraft, setting: RuleSetting): void {
  const problems = ruleProblems(draft, setting);
  if (problems.length > 0) throw ruleInvalid(problems);
}

/** Makes one rule within a change. Throws when there is no room, no such target, or such a rule already. */
export async function createRule(
  tools: ChangeTools,
  org: string,
  draft: RuleDraft,
  maker: RuleMaker,
  source: Record<string, string> = {},
): Promise<Change<Rule>> {
  const { manager, version, now } = tools;
  await refuseUnknownScope(manager, org, draft.scope);
  await refuseSame(manager, org, draft, now);
  await makeRoomForRules(tools, org, 1);
  const id = newId('rule');
  const { actor, approvedFor, approvalId } = maker;
  const createdBy = { id: actor.id, name: actor.name };
  await insertRules(manager, org, [{ draft, origin: { id, createdBy, approvedFor, approvalId, version, now } }]);
  await acceptSuggestions(manager, org, [ruleFingerprint(draft)]);
  const rule = await existingRule(manager, org, id);
  return { result: rule, facts: [ruleCreated(org, actor, rule, now, source)], tendency: tendencyOfCreation(rule) };
}

async function replaceRule(
  { manager, version, now }: ChangeTools,
  org: string,
  before: Rule,
  draft: RuleDraft,
  principal: UserPrincipal,
): Promise<Change<Rule>> {
  await refuseUnknownScope(manager, org, draft.scope);
  if (ruleFingerprint(draft) !== ruleFingerprint(before) || isExpired(before, now))
    await refuseSame(manager, org, draft, now, before.id);
  const editor = makerOf(principal).approvedFor;
  const approvedFor = strengthAfterChange(before, draft, editor);
  // A rule that says something else is that of whoever says so, or an owner would write into rules of others.
  const createdBy = approvedFor === editor ? { id: principal.id, name: principal.name } : before.created_by;
  await updateRule(manager, org, before.id, draft, { approvedFor, createdBy, version, now });
  const rule = await existingRule(manager, org, before.id);
  return {
    result: rule,
    facts: [ruleUpdated(org, actorOf(principal), before, rule, now)],
    tendency: tendencyOfUpdate(before, draft, now),
  };
}

/** Throws when the org has no room for more rules. Rules that have ended make room first. */
export async function makeRoomForRules(
  { manager, orgRow, now }: ChangeTools,
  org: string,
  added: number,
): Promise<void> {
  if (orgRow.ruleCount + added <= MAX_RULES) return;
  const removed = await deleteExpiredRules(manager, org, now);
  const present = orgRow.ruleCount - removed;
  if (present + added <= MAX_RULES) return;
  throw new ExpactiError(
    'NOT_SUPPORTED',
    `An organisation holds at most ${MAX_RULES} rules and this one has ${present}. Delete some that are not used.`,
  );
}

/** Another rule that says the same is refused by name; an expired one makes room. */
async function refuseSame(
  manager: EntityManager,
  org: string,
  draft: RuleDraft,
  now: number,
  exceptId?: string,
): Promise<void> {
  const same = await findSameRule(manager, org, draft);
  if (same === null || same.id === exceptId) return;
  if (!isExpired(same, now)) throw new ExpactiError('ALREADY_EXISTS', `${same.id} says the same word for word.`);
  await releaseExpired(manager, org, [ruleFingerprint(draft)], now);
}

async function refuseUnknownScope(manager: EntityManager, org: string, scope: RuleScope): Promise<void> {
  if (!(await scopeExists(manager, org, scope)))
    throw ruleInvalid([{ path: 'scope.id', message: `names no ${scope.type} of this organisation` }]);
}

export async function existingRule(manager: EntityManager, org: string, id: string): Promise<Rule> {
  const rule = await findRule(manager, org, id);
  if (rule === null) throw new ExpactiError('NOT_FOUND', 'There is no such rule.');
  return rule;
}
