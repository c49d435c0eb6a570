import type { Requirement } from './requirement.js';

/** One person's vote on the version and text that stand now. */
export interface CountedVote {
  person_id: string;
  verb: 'approve' | 'deny';
  /** What the person is, when voting. */
  roles: readonly string[];
  groups: readonly string[];
}

/** What a requirement still lacks. */
export type ApprovalState =
  | { kind: 'ok' }
  | { kind: 'need'; approvers: number; roles: string[]; groups: string[] }
  | { kind: 'denied' };

interface Seat {
  type: 'role' | 'group';
  name: string;
}

/**
 * Counts votes against a requirement. One denial denies. One person counts once: with `AllOf`, somebody who holds two of
 * the named roles stands for one of them only. Where an `AnyOf` names roles or groups, only their members count.
 */
export function approvalState(requirement: Requirement, votes: readonly CountedVote[]): ApprovalState {
  if (votes.some((vote) => vote.verb === 'deny')) return { kind: 'denied' };
  const approvals = [...new Map(votes.map((vote) => [vote.person_id, vote])).values()];
  const seats: Seat[] = [
    ...requirement.roles.map((name): Seat => ({ type: 'role', name })),
    ...requirement.groups.map((name): Seat => ({ type: 'group', name })),
  ];
  if (requirement.policy === 'AllOf') return allOfState(requirement, approvals, seats);
  const counting =
    seats.length === 0 ? approvals : approvals.filter((vote) => seats.some((seat) => canTake(vote, seat)));
  const approvers = Math.max(0, Math.max(1, requirement.require_n_approvers) - counting.length);
  if (approvers === 0) return { kind: 'ok' };
  return { kind: 'need', approvers, roles: [...requirement.roles], groups: [...requirement.groups] };
}

function allOfState(
  requirement: Requirement,
  approvals: readonly CountedVote[],
  seats: readonly Seat[],
): ApprovalState {
  const taken = assignSeats(approvals, seats);
  const empty = seats.filter((_, at) => !taken.has(at));
  const missingPeople = Math.max(1, requirement.require_n_approvers) - approvals.length;
  const approvers = Math.max(0, missingPeople, empty.length);
  if (approvers === 0) return { kind: 'ok' };
  return {
    kind: 'need',
    approvers,
    roles: empty.filter((seat) => seat.type === 'role').map((seat) => seat.name),
    groups: empty.filter((seat) => seat.type === 'group').map((seat) => seat.name),
  };
}

const canTake = (vote: CountedVote, seat: Seat): boolean =>
  (seat.type === 'role' ? vote.roles : vote.groups).includes(seat.name);

/** Seats as many of the named roles and groups as possible, each by a person of its own (augmenting paths). */
function assignSeats(approvals: readonly CountedVote[], seats: readonly Seat[]): Map<number, number> {
  const personOfSeat = new Map<number, number>();
  const seat = (person: number, tried: Set<number>): boolean => {
    for (const [at, wanted] of seats.entries()) {
      const vote = approvals[person];
      if (vote === undefined || tried.has(at) || !canTake(vote, wanted)) continue;
      tried.add(at);
      const sitting = personOfSeat.get(at);
      if (sitting === undefined || seat(sitting, tried)) {
        personOfSeat.set(at, person);
        return true;
      }
    }
    return false;
  };
  for (const person of approvals.keys()) seat(person, new Set());
  return personOfSeat;
}
