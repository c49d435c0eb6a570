import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPolicyStage, type PolicyStage } from '../policy-stage.contract-test.js';

let stage: PolicyStage;

beforeAll(async () => {
  stage = await openPolicyStage();
});

afterAll(() => stage.close());

/** How the database would answer; the figures behind it do not matter. */
async function plan(condition: string): Promise<string> {
  const steps: { detail: string }[] = await stage.database.read((manager) =>
    manager.query(`EXPLAIN QUERY PLAN SELECT * FROM ${condition}`),
  );
  return steps.map((step) => step.detail).join('; ');
}

describe('what is asked often finds its rows by an index, without sorting', () => {
  it.each([
    [`policy_rules WHERE org_id = 'o' AND id < 'r' ORDER BY id DESC LIMIT 51`, 'policy_rules_by_id'],
    [`policy_rules WHERE org_id = 'o' AND effect = 'deny' ORDER BY id DESC LIMIT 51`, 'policy_rules_by_effect'],
    [`policy_rules WHERE org_id = 'o' AND kind = 'tool_call' ORDER BY id DESC LIMIT 51`, 'policy_rules_by_kind'],
    [`policy_rules WHERE org_id = 'o' AND fingerprint = 'f'`, 'policy_rules_by_fingerprint'],
    [`policy_rules WHERE org_id = 'o' AND session_id = 's'`, 'policy_rules_by_session'],
    [`policy_removed_rules WHERE org_id = 'o' AND version > 5`, 'policy_removed_rules_by_version'],
    [`policy_rules WHERE org_id = 'o' AND changed_version > 5 ORDER BY changed_version, id`, 'policy_rules_by_change'],
    [`policy_suggestions WHERE org_id = 'o' AND state = 'open' ORDER BY id DESC`, 'policy_suggestions_by_state'],
    [`policy_suggestions WHERE org_id = 'o' ORDER BY last_seen_at LIMIT 1`, 'policy_suggestions_by_age'],
    [`policy_targets WHERE org_id = 'o' AND name = 'n'`, 'policy_targets_by_name'],
  ])('%s', async (condition, index) => {
    const found = await plan(condition);
    expect(found).toMatch(new RegExp(`^SEARCH \\w+ USING INDEX ${index} \\(org_id=\\?`));
    expect(found).not.toMatch(/USE TEMP B-TREE FOR ORDER BY/);
  });
});
