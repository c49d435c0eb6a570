import type { Approval } from '../api/types.js';

/** How a request ended, in words. A timeout reads as a timeout, never as a person's denial. */
export function closedText(approval: Approval): string {
  const verb = approval.status === 'allowed' ? 'Allowed' : 'Denied';
  switch (approval.close_reason) {
    case 'reviewer': {
      const names = deciders(approval);
      return names === '' ? `${verb} by a reviewer` : `${verb} by ${names}`;
    }
    case 'timeout':
      return approval.status === 'allowed' ? 'Timed out: allowed by the timeout policy' : 'Timed out';
    case 'cancelled':
      return 'Withdrawn by the agent';
    case 'policy':
      return `${verb} by a rule`;
    case null:
      return verb;
  }
}

function deciders({ votes, status }: Approval): string {
  const verb = status === 'allowed' ? 'approve' : 'deny';
  const names = votes.filter((vote) => vote.verb === verb && !vote.void).map((vote) => vote.voter.name);
  return [...new Set(names)].join(' and ');
}
