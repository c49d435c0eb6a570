import {
  type Approval,
  ExpactiError,
  type FieldProblem,
  type Org,
  type Remember,
  type Rule,
  type UserPrincipal,
} from '@expacti/contracts';
import type { Clock, Database } from '@expacti/persistence';
import { type Fact, fact, type RpcClient } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import type { HeldRequest } from '../domain/held-request.js';
import { rememberedRule } from '../domain/remembered-rule.js';
import { expiryOf, isExpired, type RuleDraft } from '../domain/rule-draft.js';
import { tendencyOfUpdate } from '../domain/tendency.js';
import { findSameRule, updateRule } from '../storage/rule-repository.js';
import { scopeExists } from '../storage/target-repository.js';
import { heldRequestOf } from './held-request-of.js';
import type { Change, ChangeTools, PolicyChanges } from './policy-changes.js';
import { ruleUpdated } from './rule-facts.js';
import { createRule, existingRule, type RuleMaker, type RuleService, ruleInvalid } from './rule-service.js';

type Closed = Fact<'approval.closed'>;
type Wish = NonNullable<Closed['payload']['data']['remember']>;

/** Turns the "remember" of a vote into a rule: checked before the vote is cast, made when the approval has closed. */
export class RememberService {
  readonly #database: Database;
  readonly #changes: PolicyChanges;
  readonly #rules: RuleService;
  readonly #rpc: RpcClient;
  readonly #clock: Clock;

  constructor(ports: {
    database: Database;
    changes: PolicyChanges;
    rules: RuleService;
    rpc: RpcClient;
    clock: Clock;
  }) {
    this.#database = ports.database;
    this.#changes = ports.changes;
    this.#rules = ports.rules;
    this.#rpc = ports.rpc;
    this.#clock = ports.clock;
  }

  /** Throws what would keep the rule from being made: `FORBIDDEN`, `NOT_FOUND` or `RULE_INVALID`. */
  async check(
    principal: UserPrincipal,
    remember: Remember,
    effect: 'allow' | 'deny',
    approvalId: string,
  ): Promise<void> {
    if (!principal.permissions.includes('rules:write'))
      throw new ExpactiError('FORBIDDEN', 'Remembering a decision needs the permission rules:write.');
    const { org } = principal;
    const approval = await this.#rpc.ask('approvals.get', { principal, id: approvalId });
    const rememberDynamic = await this.#rules.rememberDynamic(org);
    await this.#database.read(async (manager) => {
      const held = await heldRequestOf(manager, org, approval, approval.command);
      const problems = await rememberProblems(manager, org, {
        remember,
        effect,
        held,
        rememberDynamic,
        now: this.#clock.now(),
      });
      if (!problems.ok) throw ruleInvalid(problems.problems);
    });
  }

  /** What has to be asked before the transaction in which `applyClosed` runs; null when nothing is to be remembered. */
  async prepare(closed: Closed): Promise<Org['remember_dynamic'] | null> {
    return closed.payload.data.remember === null ? null : this.#rules.rememberDynamic(closed.org);
  }

  /** Makes the rule that the deciding vote asked for, or records why there is none. Runs inside the inbox transaction. */
  async applyClosed(manager: EntityManager, closed: Closed, rememberDynamic: Org['remember_dynamic']): Promise<void> {
    const { approval, remember: wish } = closed.payload.data;
    if (wish === null) return;
    const { org } = closed;
    await this.#changes.within(manager, org, async (tools) => {
      const held = await heldRequestOf(manager, org, { ...approval, shell: wish.shell, cwd: wish.cwd }, wish.command);
      const { rule: remember, effect } = wish;
      const outcome = await rememberProblems(manager, org, { remember, effect, held, rememberDynamic, now: tools.now });
      if (!outcome.ok) return refused(org, approval, wish, outcome.problems, tools.now);
      try {
        return await makeOrRenew(tools, org, outcome.draft, approval, wish);
      } catch (error) {
        // It was refused before anything was written; trying again would change nothing.
        if (!(error instanceof ExpactiError)) throw error;
        return refused(org, approval, wish, [{ path: 'remember', message: error.message }], tools.now);
      }
    });
  }
}

/** The rule in the org as it is: its shape first, then what it refers to. */
async function rememberProblems(
  manager: EntityManager,
  org: string,
  ask: {
    remember: Remember;
    effect: 'allow' | 'deny';
    held: HeldRequest;
    rememberDynamic: Org['remember_dynamic'];
    now: number;
  },
): Promise<{ ok: true; draft: RuleDraft } | { ok: false; problems: FieldProblem[] }> {
  const { remember, effect, held } = ask;
  if (!(await scopeExists(manager, org, remember.scope))) {
    const message = `names no ${remember.scope.type} of this organisation`;
    return { ok: false, problems: [{ path: 'remember.scope.id', message }] };
  }
  const outcome = rememberedRule(remember, effect, held, ask);
  if (outcome.ok) return outcome;
  const problems = outcome.problems.map(({ path, message }) => ({
    path: path === '' ? 'remember' : `remember.${path}`,
    message,
  }));
  return { ok: false, problems };
}

/** Two reviewers may remember the same thing: the second makes the rule last longer, or has nothing left to do. */
async function makeOrRenew(
  tools: ChangeTools,
  org: string,
  draft: RuleDraft,
  approval: Approval,
  wish: Wish,
): Promise<Change<Rule | null>> {
  const { manager, version, now } = tools;
  const maker: RuleMaker = {
    actor: { kind: 'user', ...wish.by },
    approvedFor: wish.approved_for,
    approvalId: approval.id,
  };
  const same = await findSameRule(manager, org, draft);
  if (same === null || isExpired(same, now)) return createRule(tools, org, draft, maker, { approval_id: approval.id });
  const endOf = (rule: RuleDraft) => expiryOf(rule) ?? Number.POSITIVE_INFINITY;
  if (endOf(draft) <= endOf(same)) {
    const message = `${same.id} says the same already and lasts at least as long`;
    return refused(org, approval, wish, [{ path: 'remember', message }], now);
  }
  const renewed = { ...same, expires_at: draft.expires_at };
  await updateRule(manager, org, same.id, renewed, { approvedFor: wish.approved_for, version, now });
  const after = await existingRule(manager, org, same.id);
  const facts = [ruleUpdated(org, maker.actor, same, after, now)];
  return { result: after, facts, tendency: tendencyOfUpdate(same, after, now) };
}

function refused(
  org: string,
  approval: Approval,
  { rule, effect, by }: Wish,
  problems: readonly FieldProblem[],
  now: number,
): Change<null> {
  const reason = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const refusal = fact('rule.refused', org, approval.id, now, {
    actor: { kind: 'user', ...by },
    subject: { type: 'approval', id: approval.id },
    data: { fields: { effect, ...rule, reason } },
  });
  return { result: null, facts: [refusal], tendency: 'loosens' };
}
