import { ExpactiError, type OrgChange, type RoleName } from '@expacti/contracts';

/** The settings whose change needs more than the permission to change settings. */
export interface GuardedSettings {
  timeout: { action: string; seconds: number };
  onePersonApproval: boolean;
}

/**
 * Whether somebody with these roles may make this change.
 * @throws NOT_SUPPORTED for escalation, FORBIDDEN where it takes an owner, INVALID where it takes a confirmation
 */
export function checkOrgChange(roles: readonly RoleName[], current: GuardedSettings, change: OrgChange): void {
  const isOwner = roles.includes('owner');
  if (
    change.one_person_approval !== undefined &&
    change.one_person_approval !== current.onePersonApproval &&
    !isOwner
  ) {
    throw new ExpactiError('FORBIDDEN', 'Only an owner decides whether one person may ask and approve.');
  }
  switch (change.timeout?.action) {
    case undefined:
    case 'deny':
    case 'hold':
      return;
    case 'escalate':
      throw new ExpactiError(
        'NOT_SUPPORTED',
        'There are no backup reviewers to escalate to in this version. Choose deny or hold.',
      );
    case 'allow':
      if (!isOwner) throw new ExpactiError('FORBIDDEN', 'Only an owner lets unanswered commands run.');
      if (change.confirm_allow_timeout === true) return;
      throw new ExpactiError('INVALID', 'confirm_allow_timeout: must be true to let unanswered low-risk commands run', {
        fields: [{ path: 'confirm_allow_timeout', message: 'must be true to let unanswered low-risk commands run' }],
      });
  }
}
