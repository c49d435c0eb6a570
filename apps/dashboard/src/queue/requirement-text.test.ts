import { expect, it } from '@jest/globals';
import { requirementText } from './requirement-text.js';
import { anApproval } from './testing/an-approval.js';

const requirement = (change: Partial<ReturnType<typeof anApproval>['requirement']>) =>
  requirementText({ ...anApproval().requirement, ...change });

it('says who has to approve', () => {
  expect(requirement({})).toBeNull();
  expect(requirement({ require_n_approvers: 2 })).toBe('2 different people must approve.');
  expect(requirement({ roles: ['owner'], groups: ['dba'] })).toBe(
    'One person of the role owner or the group dba must approve.',
  );
  expect(requirement({ require_n_approvers: 2, policy: 'AllOf', roles: ['owner'] })).toBe(
    '2 different people must approve, among them each of the role owner.',
  );
});
