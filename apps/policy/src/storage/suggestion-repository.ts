import type { NewRule, RuleSuggestion } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { type EntityManager, In } from 'typeorm';
import { newRuleOf } from '../domain/rule-draft.js';
import { ruleFingerprint } from '../domain/rule-fingerprint.js';
import {
  APPROVALS_NEEDED,
  MAX_COUNTED_PATTERNS,
  MAX_SAMPLES,
  type SuggestibleRule,
} from '../domain/suggestible-rules.js';
import { containing } from './like-pattern.js';
import { SuggestionRow } from './suggestion-row.js';
import type { NamedPage } from './target-repository.js';

/** Fingerprints that one statement names. */
const NAMED_AT_ONCE = 500;

/** Counts one decision for or against a rule that could be suggested. */
export async function countDecision(
  manager: EntityManager,
  org: string,
  { draft, samplesNeeded }: SuggestibleRule,
  decision: { text: string; isApproval: boolean; now: number },
): Promise<void> {
  const { text, isApproval, now } = decision;
  const fingerprint = ruleFingerprint(draft);
  const known = await manager.findOneBy(SuggestionRow, { org, fingerprint });
  const row = known ?? {
    id: newId('sug'),
    org,
    fingerprint,
    state: 'open' as const,
    pattern: draft.pattern,
    rule: newRuleOf(draft),
    approvals: 0,
    denials: 0,
    samples: [],
    sampleCount: 0,
    samplesNeeded,
    firstSeenAt: now,
    lastSeenAt: now,
  };
  const isNewSample = isApproval && row.samples.length < MAX_SAMPLES && !row.samples.includes(text);
  const samples = isNewSample ? [...row.samples, text] : row.samples;
  const counted = {
    approvals: row.approvals + (isApproval ? 1 : 0),
    denials: row.denials + (isApproval ? 0 : 1),
    samples,
    sampleCount: samples.length,
    lastSeenAt: now,
  };
  if (known) {
    await manager.update(SuggestionRow, { org, id: known.id }, counted);
    return;
  }
  await manager.insert(SuggestionRow, { ...row, ...counted });
  await makeRoom(manager, org);
}

/** Patterns approved often enough and never denied, that nobody has dealt with yet; newest first. */
export async function listSuggestions(manager: EntityManager, org: string, page: NamedPage): Promise<RuleSuggestion[]> {
  const select = earned(manager, org);
  if (page.before !== null) select.andWhere('suggestion.id < :before', { before: page.before });
  if (page.q) {
    select.andWhere(`LOWER(suggestion.pattern) LIKE LOWER(:q) ESCAPE '\\'`, { q: containing(page.q) });
  }
  const rows = await select.orderBy('suggestion.id', 'DESC').limit(page.limit).getMany();
  return rows.map(suggestionOfRow);
}

export async function findSuggestion(manager: EntityManager, org: string, id: string): Promise<RuleSuggestion | null> {
  const row = await earned(manager, org).andWhere('suggestion.id = :id', { id }).getOne();
  return row && suggestionOfRow(row);
}

export async function dismissSuggestion(manager: EntityManager, org: string, id: string): Promise<void> {
  await manager.update(SuggestionRow, { org, id }, { state: 'dismissed' });
}

/** What has become a rule, by whatever way, is not suggested any more. */
export async function acceptSuggestions(
  manager: EntityManager,
  org: string,
  fingerprints: readonly string[],
): Promise<void> {
  for (let start = 0; start < fingerprints.length; start += NAMED_AT_ONCE) {
    const fingerprint = In(fingerprints.slice(start, start + NAMED_AT_ONCE));
    await manager.update(SuggestionRow, { org, fingerprint }, { state: 'accepted' });
  }
}

function earned(manager: EntityManager, org: string) {
  return manager
    .createQueryBuilder(SuggestionRow, 'suggestion')
    .where(`suggestion.org = :org AND suggestion.state = 'open'`, { org })
    .andWhere('suggestion.approvals >= :needed AND suggestion.denials = 0', { needed: APPROVALS_NEEDED })
    .andWhere('suggestion.sampleCount >= suggestion.samplesNeeded');
}

async function makeRoom(manager: EntityManager, org: string): Promise<void> {
  const excess = (await manager.countBy(SuggestionRow, { org })) - MAX_COUNTED_PATTERNS;
  if (excess <= 0) return;
  const oldest = await manager.find(SuggestionRow, {
    select: { id: true },
    where: { org },
    order: { lastSeenAt: 'ASC' },
    take: excess,
  });
  await manager.delete(SuggestionRow, { org, id: In(oldest.map((row) => row.id)) });
}

const suggestionOfRow = (row: SuggestionRow): RuleSuggestion => ({
  id: row.id,
  rule: row.rule as NewRule,
  approvals: row.approvals,
  denials: row.denials,
  samples: row.samples,
  first_seen_at: timestamp(row.firstSeenAt),
  last_seen_at: timestamp(row.lastSeenAt),
});
