import type { Rule, RuleListQuery } from '@expacti/contracts';
import { type EntityManager, In, IsNull, LessThanOrEqual, MoreThan } from 'typeorm';
import type { z } from 'zod';
import type { RuleDraft } from '../domain/rule-draft.js';
import { ruleFingerprint } from '../domain/rule-fingerprint.js';
import { insertMany } from './insert-many.js';
import { containing } from './like-pattern.js';
import { addToRuleCount } from './org-state.js';
import { RemovedRuleRow } from './removed-rule-row.js';
import { columnsOfDraft, newRuleRow, type RuleOrigin, ruleOfRow } from './rule-mapping.js';
import { RuleRow } from './rule-row.js';

/** How many fingerprints one statement asks for. */
const ASKED_AT_ONCE = 500;

export async function findRule(manager: EntityManager, org: string, id: string): Promise<Rule | null> {
  const row = await manager.findOneBy(RuleRow, { org, id });
  return row && ruleOfRow(row);
}

/** The rule that says the same word for word, in force or not. */
export async function findSameRule(manager: EntityManager, org: string, draft: RuleDraft): Promise<Rule | null> {
  const row = await manager.findOneBy(RuleRow, { org, fingerprint: ruleFingerprint(draft) });
  return row && ruleOfRow(row);
}

/** Which of these fingerprints belong to rules that are in force. */
export async function fingerprintsInForce(
  manager: EntityManager,
  org: string,
  fingerprints: readonly string[],
  now: number,
): Promise<Set<string>> {
  const known = new Set<string>();
  for (let start = 0; start < fingerprints.length; start += ASKED_AT_ONCE) {
    const fingerprint = In(fingerprints.slice(start, start + ASKED_AT_ONCE));
    const rows = await manager.find(RuleRow, {
      select: { id: true, fingerprint: true },
      where: [
        { org, fingerprint, expiresAt: IsNull() },
        { org, fingerprint, expiresAt: MoreThan(now) },
      ],
    });
    for (const row of rows) known.add(row.fingerprint);
  }
  return known;
}

/**
 * Lets a rule be made anew although an expired one said the same: the expired one gives its fingerprint up and stays in
 * the list for what it was.
 */
export async function releaseExpired(
  manager: EntityManager,
  org: string,
  fingerprints: readonly string[],
  now: number,
): Promise<void> {
  for (let start = 0; start < fingerprints.length; start += ASKED_AT_ONCE) {
    await manager
      .createQueryBuilder()
      .update(RuleRow)
      .set({ fingerprint: () => 'id' })
      .where({
        org,
        fingerprint: In(fingerprints.slice(start, start + ASKED_AT_ONCE)),
        expiresAt: LessThanOrEqual(now),
      })
      .execute();
  }
}

/** Newest first, after `before` (the id of the last one seen). */
export async function listRules(
  manager: EntityManager,
  org: string,
  query: Omit<z.infer<typeof RuleListQuery>, 'cursor'>,
  before: string | null,
): Promise<Rule[]> {
  const select = manager.createQueryBuilder(RuleRow, 'rule').where('rule.org = :org', { org });
  if (before !== null) select.andWhere('rule.id < :before', { before });
  if (query.effect) select.andWhere('rule.effect = :effect', { effect: query.effect });
  if (query.pattern_type) select.andWhere('rule.patternType = :type', { type: query.pattern_type });
  if (query.kind) select.andWhere('rule.kind = :kind', { kind: query.kind });
  if (query.q) {
    const found = `(LOWER(rule.pattern) LIKE LOWER(:q) ESCAPE '\\' OR LOWER(rule.note) LIKE LOWER(:q) ESCAPE '\\')`;
    select.andWhere(found, { q: containing(query.q) });
  }
  const rows = await select.orderBy('rule.id', 'DESC').limit(query.limit).getMany();
  return rows.map(ruleOfRow);
}

export async function findRulesOfSession(manager: EntityManager, org: string, sessionId: string): Promise<Rule[]> {
  const rows = await manager.findBy(RuleRow, { org, sessionId });
  return rows.map(ruleOfRow);
}

/** All of an org's rules, oldest first, in pieces; others get their turn of the event loop between two. */
export async function* eachRulePiece(manager: EntityManager, org: string, size = 1_000): AsyncGenerator<Rule[]> {
  let after = '';
  for (;;) {
    const rows = await manager
      .createQueryBuilder(RuleRow, 'rule')
      .where('rule.org = :org AND rule.id > :after', { org, after })
      .orderBy('rule.id', 'ASC')
      .limit(size)
      .getMany();
    if (rows.length > 0) yield rows.map(ruleOfRow);
    if (rows.length < size) return;
    await new Promise(setImmediate);
    after = rows.at(-1)?.id ?? after;
  }
}

export async function insertRules(
  manager: EntityManager,
  org: string,
  rules: readonly { draft: RuleDraft; origin: Omit<RuleOrigin, 'org'> }[],
): Promise<void> {
  const rows = rules.map(({ draft, origin }) => newRuleRow(draft, { ...origin, org }));
  await insertMany(manager, RuleRow, rows);
  await addToRuleCount(manager, org, rules.length);
}

export async function updateRule(
  manager: EntityManager,
  org: string,
  id: string,
  draft: RuleDraft,
  more: { approvedFor: Rule['approved_for']; createdBy?: Rule['created_by']; version: number; now: number },
): Promise<void> {
  const { approvedFor, createdBy, version, now } = more;
  const by = createdBy === undefined ? {} : { createdById: createdBy.id, createdByName: createdBy.name };
  await manager.update(
    RuleRow,
    { org, id },
    { ...columnsOfDraft(draft), ...by, approvedFor, changedVersion: version, updatedAt: now },
  );
}

export async function deleteRule(manager: EntityManager, org: string, id: string, version: number): Promise<void> {
  await manager.delete(RuleRow, { org, id });
  await manager.insert(RemovedRuleRow, { org, ruleId: id, version });
  await addToRuleCount(manager, org, -1);
}

/**
 * Drops the rules that have ended; returns how many. Nobody has to be told: a gateway that still holds one knows its end
 * and does not act on it.
 */
export async function deleteExpiredRules(manager: EntityManager, org: string, now: number): Promise<number> {
  const { affected } = await manager.delete(RuleRow, { org, expiresAt: LessThanOrEqual(now) });
  const removed = affected ?? 0;
  if (removed > 0) await addToRuleCount(manager, org, -removed);
  return removed;
}

/** How many rules that are still in force are bound to this target or group. */
export async function countRulesOfScope(
  manager: EntityManager,
  org: string,
  scope: { type: 'target' | 'group'; id: string },
  now: number,
): Promise<number> {
  return manager
    .createQueryBuilder(RuleRow, 'rule')
    .where('rule.org = :org AND rule.scopeId = :id AND rule.scopeType = :type', { org, ...scope })
    .andWhere('(rule.expiresAt IS NULL OR rule.expiresAt > :now)', { now })
    .getCount();
}
