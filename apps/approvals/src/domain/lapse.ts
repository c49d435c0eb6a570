import { type ClosedRequest, closeRequest } from './close-request.js';
import type { HeldRequest } from './request.js';

/** No request waits longer than this, whatever its timeout policy says. */
export const LONGEST_WAIT_MS = 24 * 3_600_000;

/** When a request that is opened now must be decided. `seconds` comes from the timeout policy. */
export const deadlineOf = (now: number, seconds: number): number =>
  now + Math.min(Math.max(seconds * 1_000, 0), LONGEST_WAIT_MS);

/** Whether the time to decide is over. The deadline's own millisecond is too late: a receipt must not depend on a tie. */
export const isOverdue = (request: HeldRequest, now: number): boolean =>
  request.state.status === 'pending' && now >= request.deadlineAt;

/**
 * Closes a pending request whose deadline has passed; null where there is nothing to close. The row's deadline is the
 * truth: whoever looks first, a timer or a late voter, comes to the same outcome.
 */
export function lapse(request: HeldRequest, now: number): ClosedRequest | null {
  if (!isOverdue(request, now)) return null;
  const waited = Math.round((request.deadlineAt - request.createdAt) / 1_000);
  const nobody = `Nobody decided within ${waited} s.`;
  const timeout = { closeReason: 'timeout', reviewers: [] } as const;
  if (request.timeoutAction !== 'allow')
    return closeRequest(request, { ...timeout, outcome: 'denied', reason: nobody }, now);
  const obstacle = whyNotUnattended(request);
  return obstacle === null
    ? closeRequest(request, { ...timeout, outcome: 'allowed', reason: `${nobody} The timeout policy allows it.` }, now)
    : closeRequest(
        request,
        { ...timeout, outcome: 'denied', reason: `${nobody} It may not run unattended: ${obstacle}.` },
        now,
      );
}

/** Why an `allow` timeout does not apply to this request; null when it does. */
function whyNotUnattended({ kind, encrypted, reviewed }: HeldRequest): string | null {
  const { analysis, risk, requirement } = reviewed;
  if (kind !== 'command') return 'it is not a shell command';
  if (encrypted) return 'it is encrypted';
  if (!analysis.parseable) return 'it was not understood';
  if (analysis.commands.some(isRestricted)) return 'a rule denies it or asks for a person';
  if (risk.level !== 'low') return `its risk is ${risk.level}`;
  if (requirement.require_n_approvers > 1 || requirement.roles.length + requirement.groups.length > 0)
    return 'an approval policy names who must approve';
  return null;
}

type JudgedCommand = HeldRequest['reviewed']['analysis']['commands'][number];

/**
 * Whether a deny or review rule speaks about this command. Such a line waits here because the rule wants a person, or
 * because it could not be told whether the rule means it; that nobody came is no answer to either.
 */
const isRestricted = ({ verdict, rule_id }: JudgedCommand): boolean =>
  verdict === 'deny' || (verdict === 'review' && typeof rule_id === 'string');
