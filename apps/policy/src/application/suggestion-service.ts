import { actorOf, ExpactiError, type Rule, type RuleSuggestion, type UserPrincipal } from '@expacti/contracts';
import type { Clock, Database } from '@expacti/persistence';
import { appendToOutbox } from '@expacti/persistence';
import { type Fact, fact } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import { suggestibleRules } from '../domain/suggestible-rules.js';
import { lockOrg } from '../storage/org-state.js';
import { countDecision, dismissSuggestion, findSuggestion, listSuggestions } from '../storage/suggestion-repository.js';
import type { NamedPage } from '../storage/target-repository.js';
import { heldRequestOf } from './held-request-of.js';
import type { RuleService } from './rule-service.js';

/** Suggests rules from what people approved again and again. Nothing becomes a rule before a person accepts it. */
export class SuggestionService {
  readonly #database: Database;
  readonly #rules: RuleService;
  readonly #clock: Clock;

  constructor(ports: { database: Database; rules: RuleService; clock: Clock }) {
    this.#database = ports.database;
    this.#rules = ports.rules;
    this.#clock = ports.clock;
  }

  /** Counts a person's decision. Runs inside the inbox transaction. */
  async learn(manager: EntityManager, { org, payload }: Fact<'approval.closed'>): Promise<void> {
    const { approval, decision } = payload.data;
    if (decision.source !== 'reviewer') return;
    const isApproval = decision.outcome === 'allowed';
    // What a person should look at each time is not suggested; denying it still counts against a pattern.
    if (isApproval && (approval.risk.level === 'high' || approval.risk.level === 'critical')) return;
    const text = isApproval ? decision.command : approval.command;
    const now = this.#clock.now();
    const held = await heldRequestOf(manager, org, approval, text);
    // A name that is not registered any more is no reason to suggest something for every target.
    if (approval.target !== null && held.targetId === null) return;
    for (const rule of suggestibleRules(held, now)) await countDecision(manager, org, rule, { text, isApproval, now });
  }

  list(org: string, page: NamedPage): Promise<RuleSuggestion[]> {
    return this.#database.read((manager) => listSuggestions(manager, org, page));
  }

  /** Makes the suggested rule in the name of whoever accepts it; making it also takes it from the suggestions. */
  async accept(principal: UserPrincipal, id: string): Promise<Rule> {
    const { org } = principal;
    const suggestion = await this.#database.read((manager) => existingSuggestion(manager, org, id));
    return this.#rules.create(principal, suggestion.rule);
  }

  async dismiss(principal: UserPrincipal, id: string): Promise<void> {
    const { org } = principal;
    await this.#database.transaction(async (manager) => {
      await lockOrg(manager, org);
      const { rule, approvals } = await existingSuggestion(manager, org, id);
      await dismissSuggestion(manager, org, id);
      const subject = { type: 'suggestion', id };
      const data = { fields: { rule, approvals } };
      const dismissed = { actor: actorOf(principal), subject, data };
      await appendToOutbox(manager, [fact('suggestion.dismissed', org, id, this.#clock.now(), dismissed)]);
    });
  }
}

async function existingSuggestion(manager: EntityManager, org: string, id: string): Promise<RuleSuggestion> {
  const suggestion = await findSuggestion(manager, org, id);
  if (suggestion === null) throw new ExpactiError('NOT_FOUND', 'There is no such suggestion, or it was dealt with.');
  return suggestion;
}
