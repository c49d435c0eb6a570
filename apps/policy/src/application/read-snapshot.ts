import type { RpcResponse, Rule } from '@expacti/contracts';
import type { Database } from '@expacti/persistence';
import { MAX_DELTA_RULES } from '../domain/limits.js';
import { isExpired } from '../domain/rule-draft.js';
import { orgState } from '../storage/org-state.js';
import { changesSince } from '../storage/rule-changes.js';
import { eachRulePiece } from '../storage/rule-repository.js';
import { allTargets } from '../storage/target-repository.js';

export type SnapshotAnswer = RpcResponse<'policy.snapshot'>;

/**
 * What judging needs of an org: what changed since a version that the asker holds, or everything.
 *
 * The version is read first, and each statement sees at least what was committed by then. So the answer may hold a newer
 * change than its version says, never an older one: the next delta brings that change once more, and applying it twice
 * is harmless.
 * @param since the version that the asker holds, or null
 * @param now milliseconds since the epoch; rules that have ended by then are left out
 */
export function readSnapshot(
  database: Database,
  org: string,
  since: number | null,
  now: number,
): Promise<SnapshotAnswer> {
  return database.read(async (manager) => {
    const { version, forgottenVersion } = await orgState(manager, org);
    const common = { org, version, policies: [] };
    if (since !== null && since >= forgottenVersion && since <= version) {
      const changes = await changesSince(manager, org, since, MAX_DELTA_RULES);
      // Removals that were forgotten while they were being read may be missing; a rule that stays for that reason would
      // go on allowing.
      const isComplete = since >= (await orgState(manager, org)).forgottenVersion;
      if (changes !== null && isComplete) {
        const { changed, removed } = changes;
        const upserted = changed.filter((rule) => !isExpired(rule, now));
        const ended = changed.filter((rule) => isExpired(rule, now)).map((rule) => rule.id);
        const targets = await allTargets(manager, org);
        return { type: 'delta', ...common, since, targets, upserted, removed: [...removed, ...ended] };
      }
    }
    const targets = await allTargets(manager, org);
    const rules: Rule[] = [];
    for await (const piece of eachRulePiece(manager, org)) {
      for (const rule of piece) if (!isExpired(rule, now)) rules.push(rule);
    }
    return { type: 'full', ...common, targets, rules };
  });
}
