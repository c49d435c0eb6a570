import { createHash } from 'node:crypto';
import { actorOf, type NewRule, type RuleImport, type RuleImportResult, type UserPrincipal } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { type Clock, type Database, newId } from '@expacti/persistence';
import { fact } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import { draftOf, newRuleOf, type RuleDraft } from '../domain/rule-draft.js';
import { ruleFingerprint } from '../domain/rule-fingerprint.js';
import { type RuleSetting, ruleProblems } from '../domain/rule-problems.js';
import { tendencyOfCreation } from '../domain/tendency.js';
import { fingerprintsInForce, insertRules, releaseExpired } from '../storage/rule-repository.js';
import { acceptSuggestions } from '../storage/suggestion-repository.js';
import { scopeExists } from '../storage/target-repository.js';
import type { Change, ChangeTools, PolicyChanges } from './policy-changes.js';
import { makeRoomForRules, makerOf, type RuleService, ruleInvalid } from './rule-service.js';

/** What one import is told about at most: enough to mend a file by, bounded. */
const MAX_PROBLEMS = 1_000;

/** How many rules are checked before others get their turn of the event loop. */
const CHECKED_AT_ONCE = 50;

type Problem = RuleImportResult['problems'][number];

interface Candidate {
  /** Place in the list. */
  index: number;
  draft: RuleDraft;
  fingerprint: string;
}

interface Checked {
  candidates: Candidate[];
  problems: Problem[];
}

interface Plan {
  fresh: Candidate[];
  skipped: number;
  problems: Problem[];
}

/** Makes many rules at once: all that are not there yet, or none. */
export class RuleImporter {
  readonly #database: Database;
  readonly #changes: PolicyChanges;
  readonly #rules: RuleService;
  readonly #clock: Clock;

  constructor(ports: { database: Database; changes: PolicyChanges; rules: RuleService; clock: Clock }) {
    this.#database = ports.database;
    this.#changes = ports.changes;
    this.#rules = ports.rules;
    this.#clock = ports.clock;
  }

  /** A dry run answers with every problem; a real one that has any throws `RULE_INVALID`, and nothing is kept. */
  async import(principal: UserPrincipal, request: RuleImport): Promise<RuleImportResult> {
    const { org } = principal;
    const rememberDynamic = await this.#rules.rememberDynamic(org);
    const checked = await checkAll(request.rules, { now: this.#clock.now(), rememberDynamic });
    const plan = await this.#database.read((manager) => planImport(manager, org, checked, this.#clock.now()));
    const { fresh, skipped, problems } = plan;
    if (request.dry_run) return { created: problems.length > 0 ? 0 : fresh.length, skipped, problems };
    refuse(problems);
    if (fresh.length === 0) return { created: 0, skipped, problems: [] };
    return this.#changes.make(org, (tools) => insertNew(tools, principal, checked));
  }
}

/** Checks rule by rule, and lets others have their turn in between: a long list must not hold up a decision. */
async function checkAll(rules: readonly NewRule[], setting: RuleSetting): Promise<Checked> {
  const candidates: Candidate[] = [];
  const problems: Problem[] = [];
  for (const [index, rule] of rules.entries()) {
    if (index % CHECKED_AT_ONCE === 0) await new Promise(setImmediate);
    const draft = draftOf(rule);
    candidates.push({ index, draft, fingerprint: ruleFingerprint(draft) });
    for (const { path, message } of ruleProblems(draft, setting))
      if (problems.length < MAX_PROBLEMS) problems.push({ index, message: `${path}: ${message}` });
  }
  return { candidates, problems };
}

/** What of the list is new, once, and what the org lacks for it. */
async function planImport(manager: EntityManager, org: string, checked: Checked, now: number): Promise<Plan> {
  const { candidates } = checked;
  const problems = [...checked.problems, ...(await unknownScopes(manager, org, candidates))];
  const seen = await fingerprintsInForce(
    manager,
    org,
    candidates.map((candidate) => candidate.fingerprint),
    now,
  );
  const fresh = candidates.filter(({ fingerprint }) => {
    if (seen.has(fingerprint)) return false;
    seen.add(fingerprint);
    return true;
  });
  return {
    fresh,
    skipped: candidates.length - fresh.length,
    problems: problems.toSorted((a, b) => a.index - b.index).slice(0, MAX_PROBLEMS),
  };
}

async function unknownScopes(
  manager: EntityManager,
  org: string,
  candidates: readonly Candidate[],
): Promise<Problem[]> {
  const exists = new Map<string, boolean>();
  const problems: Problem[] = [];
  for (const { index, draft } of candidates) {
    if (draft.scope.type === 'global') continue;
    const name = `${draft.scope.type} ${draft.scope.id}`;
    if (!exists.has(name)) exists.set(name, await scopeExists(manager, org, draft.scope));
    if (!exists.get(name))
      problems.push({ index, message: `scope.id: names no ${draft.scope.type} of this organisation` });
  }
  return problems;
}

async function insertNew(
  tools: ChangeTools,
  principal: UserPrincipal,
  checked: Checked,
): Promise<Change<RuleImportResult>> {
  const { manager, version, now } = tools;
  const { org } = principal;
  // Planned again: somebody may have made some of the rules, or removed a target, since the first look.
  const { fresh, skipped, problems } = await planImport(manager, org, checked, now);
  refuse(problems);
  await makeRoomForRules(tools, org, fresh.length);
  const fingerprints = fresh.map((candidate) => candidate.fingerprint);
  await releaseExpired(manager, org, fingerprints, now);
  const { actor, approvedFor, approvalId } = makerOf(principal);
  const createdBy = { id: actor.id, name: actor.name };
  const rules = fresh.map(({ draft }) => ({
    draft,
    origin: { id: newId('rule'), createdBy, approvedFor, approvalId, version, now },
  }));
  await insertRules(manager, org, rules);
  await acceptSuggestions(manager, org, fingerprints);
  return {
    result: { created: fresh.length, skipped, problems: [] },
    facts: [importedFact(principal, rules, skipped, now)],
    tendency: fresh.some(({ draft }) => tendencyOfCreation(draft) === 'tightens') ? 'tightens' : 'loosens',
  };
}

/** One fact for the whole list: which ids it made, and a digest by which an exported list can be compared. */
function importedFact(
  principal: UserPrincipal,
  rules: readonly { draft: RuleDraft; origin: { id: string } }[],
  skipped: number,
  now: number,
): BusEvent {
  const firstId = rules[0]?.origin.id ?? '';
  const digest = createHash('sha256');
  for (const { draft } of rules) digest.update(`${JSON.stringify(newRuleOf(draft))}\n`);
  const fields = {
    created: rules.length,
    skipped,
    first_rule_id: firstId,
    last_rule_id: rules.at(-1)?.origin.id ?? '',
    rules_sha256: digest.digest('hex'),
  };
  const subject = { type: 'rules', id: firstId };
  return fact('rules.imported', principal.org, firstId, now, { actor: actorOf(principal), subject, data: { fields } });
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw ruleInvalid(
    problems.map(({ index, message }) => {
      const [path = '', ...rest] = message.split(': ');
      return { path: `rules.${index}.${path}`, message: rest.join(': ') };
    }),
  );
}
