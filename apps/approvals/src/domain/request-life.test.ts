import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agent, edited, held, judged, requirement, risk } from '../../test/fixtures.js';
import { castVote } from './cast-vote.js';
import { cancel, recordResult, START_WITHIN_MS, start } from './execution.js';
import { isOverdue, lapse } from './lapse.js';
import { isSatisfied, missingApprovals } from './missing-approvals.js';
import { openRequest } from './open-request.js';
import { type CastVote, type HeldRequest, isVoid, type TimeoutAction, type Voter } from './request.js';

/** What may happen to a request, in any order and at any time. */
type Happening =
  | { kind: 'vote'; person: number; verb: 'approve' | 'deny'; staleBy: number; wrongText: boolean; edit: string | null }
  | { kind: 'cancel' }
  | { kind: 'start' }
  | { kind: 'result'; exitCode: number }
  | { kind: 'sweep' }
  | { kind: 'wait'; ms: number };

const OWNER: Voter = { id: 'usr_owner', name: 'Owner', roles: ['owner', 'reviewer'], groups: [] };
const PEOPLE: readonly Voter[] = [
  OWNER,
  { id: 'usr_1', name: 'One', roles: ['reviewer'], groups: ['dba'] },
  { id: 'usr_2', name: 'Two', roles: ['reviewer'], groups: [] },
  { id: 'usr_3', name: 'Three', roles: ['admin'], groups: ['dba', 'ops'] },
  { id: 'usr_4', name: 'Four', roles: [], groups: ['ops'] },
];

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('vote' as const),
      person: fc.nat(PEOPLE.length - 1),
      verb: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'deny' as const),
      staleBy: fc.constantFrom(0, 0, 0, 0, 1),
      wrongText: fc.constantFrom(false, false, false, false, true),
      edit: fc.constantFrom(null, null, null, 'edited one', 'edited two'),
    }),
  },
  fc.constant({ kind: 'cancel' as const }),
  fc.constant({ kind: 'start' as const }),
  fc.record({ kind: fc.constant('result' as const), exitCode: fc.nat(2) }),
  fc.constant({ kind: 'sweep' as const }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 10_000, 30_000, START_WITHIN_MS) }),
);

const anyRequirement = fc
  .record({
    require_n_approvers: fc.integer({ min: 1, max: 3 }),
    policy: fc.constantFrom('AnyOf' as const, 'AllOf' as const),
    roles: fc.subarray(['reviewer', 'admin']),
    groups: fc.subarray(['dba', 'ops']),
  })
  .map(requirement);

const opening = fc.record({
  action: fc.constantFrom<TimeoutAction>('deny', 'hold', 'allow', 'escalate'),
  level: fc.constantFrom('low' as const, 'high' as const),
  requirement: anyRequirement,
  onePersonApproval: fc.boolean(),
});

interface World {
  request: HeldRequest;
  votes: CastVote[];
  now: number;
  grants: number;
}

/** Does what a caller of the machine does: whoever comes after the deadline finds it lapsed. */
function happen(world: World, event: Happening): World {
  if (event.kind === 'wait') return { ...world, now: world.now + event.ms };
  const request = lapse(world.request, world.now) ?? world.request;
  const { now } = world;
  const current = { ...world, request };
  switch (event.kind) {
    case 'sweep':
      return current;
    case 'vote': {
      const { verb, staleBy, wrongText, edit } = event;
      const ballot = {
        verb,
        version: request.version - staleBy,
        sha256: wrongText ? 'f'.repeat(64) : request.reviewed.sha256,
        reason: null,
        edited: edit === null ? null : edited(edit, { requirement: request.reviewed.requirement }),
        remember: null,
      };
      const voter = PEOPLE[event.person] as Voter;
      const voted = castVote(request, world.votes, voter, ballot, { id: `vote_${world.votes.length}`, now });
      return voted.kind === 'refused'
        ? current
        : { ...current, request: voted.request, votes: [...world.votes, voted.vote] };
    }
    case 'cancel': {
      const moved = cancel(request, now);
      return moved.kind === 'refused' ? current : { ...current, request: moved.request };
    }
    case 'start': {
      const granted = start(request, { jti: `rct_${now}`, now, receiptSeconds: 60 });
      return granted.kind === 'refused' ? current : { ...current, request: granted.request, grants: world.grants + 1 };
    }
    case 'result': {
      const result = { exit_code: event.exitCode, signal: null, duration_ms: 1, output_bytes: null };
      const moved = recordResult(request, result);
      return moved.kind === 'refused' ? current : { ...current, request: moved.request };
    }
  }
}

function begin({
  action,
  level,
  requirement: wanted,
  onePersonApproval,
}: typeof opening extends fc.Arbitrary<infer T> ? T : never): World {
  const submission = held('systemctl restart web', {
    requirement: wanted,
    risk: risk(level),
    timeout: { action, seconds: 60 },
    one_person_approval: onePersonApproval,
  });
  return { request: openRequest(submission, agent({ owner_id: OWNER.id }), 1_000), votes: [], now: 1_000, grants: 0 };
}

/** Every state that one random life passes through. */
const lives = fc.tuple(opening, fc.array(happening, { maxLength: 30 })).map(([first, events]) => {
  const worlds = [begin(first)];
  for (const event of events) worlds.push(happen(worlds.at(-1) as World, event));
  return worlds;
});

const holds = (property: (worlds: World[]) => void): void => fc.assert(fc.property(lives, property), { numRuns: 500 });

describe('whatever happens to a request', () => {
  it('once closed, stays closed with the same decision', () => {
    holds((worlds) => {
      const closed = worlds.filter(({ request }) => request.state.status !== 'pending');
      for (const { request } of closed) {
        expect(request.state).toEqual(closed[0]?.request.state);
        expect(request.reviewed).toEqual(closed[0]?.request.reviewed);
      }
    });
  });

  it('is allowed by people only when enough distinct ones approved this very text, and none of them owns the agent', () => {
    holds((worlds) => {
      const { request, votes } = worlds.at(-1) as World;
      const { state } = request;
      if (state.status !== 'allowed' || state.closeReason !== 'reviewer') return;
      const approvals = votes.filter((vote) => vote.verb === 'approve' && !isVoid(request, vote));
      expect(
        isSatisfied(
          missingApprovals(
            request.reviewed.requirement,
            approvals.map(({ voter }) => voter),
          ),
        ),
      ).toBe(true);
      expect(new Set(approvals.map(({ voter }) => voter.id)).size).toBe(approvals.length);
      expect(approvals.every(({ sha256 }) => sha256 === request.reviewed.sha256)).toBe(true);
      expect(state.decision.command).toBe(request.reviewed.text);
      expect(votes.some((vote) => vote.verb === 'deny')).toBe(false);
      if (!request.onePersonApproval) expect(approvals.some(({ voter }) => voter.id === OWNER.id)).toBe(false);
    });
  });

  it('is allowed by time only under the timeout policy that says so, at low risk and without a policy on approvers', () => {
    holds((worlds) => {
      const { request } = worlds.at(-1) as World;
      const { state, reviewed } = request;
      if (state.status !== 'allowed' || state.closeReason !== 'timeout') return;
      expect(request.timeoutAction).toBe('allow');
      expect(reviewed.risk.level).toBe('low');
      expect(reviewed.requirement).toMatchObject({ require_n_approvers: 1, roles: [], groups: [] });
    });
  });

  it('takes no vote after the deadline', () => {
    holds((worlds) => {
      const { request, votes } = worlds.at(-1) as World;
      expect(votes.every(({ at }) => at < request.deadlineAt)).toBe(true);
      if (request.state.status !== 'pending' && request.state.closeReason !== 'timeout')
        expect(request.state.closedAt).toBeLessThan(request.deadlineAt);
    });
  });

  it('is started at most once, and only while allowed', () => {
    holds((worlds) => {
      const { request, grants } = worlds.at(-1) as World;
      expect(grants).toBeLessThanOrEqual(1);
      const { kind } = request.execution;
      if (kind !== 'not_started') expect(request.state.status).toBe('allowed');
      expect(kind === 'started' || kind === 'finished').toBe(grants === 1);
    });
  });

  it('keeps the first result', () => {
    holds((worlds) => {
      const finished = worlds.map(({ request }) => request.execution).filter(({ kind }) => kind === 'finished');
      for (const execution of finished) expect(execution).toEqual(finished[0]);
    });
  });
});

describe('the time to decide', () => {
  const open = (action: TimeoutAction, more: Parameters<typeof held>[1] = {}) =>
    openRequest(held('ls', { timeout: { action, seconds: 60 }, risk: risk('low'), ...more }), agent(), 0);
  const after = (request: HeldRequest) => lapse(request, 60_000)?.state;

  it('ends at the deadline and not a millisecond before', () => {
    const request = open('deny');
    expect(isOverdue(request, 59_999)).toBe(false);
    expect(lapse(request, 59_999)).toBeNull();
    expect(after(request)).toMatchObject({ status: 'denied', closeReason: 'timeout', decision: { source: 'timeout' } });
  });

  it.each(['deny', 'hold', 'escalate'] as const)('ends in a denial under %s', (action) => {
    expect(after(open(action))?.status).toBe('denied');
  });

  it('is at most a day, whatever the policy says', () => {
    const request = open('hold', { timeout: { action: 'hold', seconds: 1e9 } });
    expect(request.deadlineAt).toBe(86_400_000);
  });

  it('may end in an allowance that says that it was the timeout', () => {
    expect(after(open('allow'))).toMatchObject({
      status: 'allowed',
      closeReason: 'timeout',
      decision: { outcome: 'allowed', source: 'timeout', reviewers: [] },
    });
  });

  it.each([
    ['risk above low', { risk: risk('medium') }],
    ['a line that was not understood', { analysis: { parseable: false, reasons: [], commands: [], warnings: [] } }],
    ['a line that a review rule keeps for people', { analysis: judged('review', 'rule_1') }],
    ['a line that a rule denies, held where the rules could not be confirmed', { analysis: judged('deny', 'rule_1') }],
    ['a tool call', { submission: { kind: 'tool_call' as const, tool: 't', arguments: {} } }],
    ['a policy that asks for two', { requirement: requirement({ require_n_approvers: 2 }) }],
    ['a policy that names a role', { requirement: requirement({ roles: ['admin'] }) }],
  ])('never ends in an allowance for %s', (_what, more) => {
    expect(after(open('allow', more))?.status).toBe('denied');
  });

  it('may end in an allowance where no rule restricts the line', () => {
    expect(after(open('allow', { analysis: judged('review', null) }))?.status).toBe('allowed');
    expect(after(open('allow', { analysis: judged('allow', 'rule_1') }))?.status).toBe('allowed');
  });

  it('never ends in an allowance for an encrypted command', () => {
    expect(after({ ...open('allow'), encrypted: true })?.status).toBe('denied');
  });
});

describe('what is missing', () => {
  const person = (id: string, roles: string[] = [], groups: string[] = []): Voter => ({ id, name: id, roles, groups });

  it('counts distinct people who hold one of the names under AnyOf', () => {
    const wanted = requirement({ require_n_approvers: 2, roles: ['admin'], groups: ['ops'] });
    const people = [person('a', ['admin']), person('a', ['admin']), person('b'), person('c', [], ['ops'])];
    expect(missingApprovals(wanted, people.slice(0, 3)).approvers).toBe(1);
    expect(isSatisfied(missingApprovals(wanted, people))).toBe(true);
  });

  it('wants every name and the number under AllOf', () => {
    const wanted = requirement({ require_n_approvers: 2, policy: 'AllOf', roles: ['admin'] });
    expect(missingApprovals(wanted, [person('a'), person('b')])).toEqual({
      approvers: 1,
      roles: ['admin'],
      groups: [],
    });
    expect(missingApprovals(wanted, [person('a', ['admin'])])).toMatchObject({ approvers: 1, roles: [] });
    expect(isSatisfied(missingApprovals(wanted, [person('a', ['admin']), person('b')]))).toBe(true);
  });

  it('never grows when somebody approves, and does not depend on the order', () => {
    const voter = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      roles: fc.subarray(['reviewer', 'admin']),
      groups: fc.subarray(['dba', 'ops']),
    });
    // A person is the same person with the same roles in every vote of one version.
    const voters = fc
      .uniqueArray(voter, { selector: ({ id }) => id })
      .map((all) => all.map((one) => ({ ...one, name: one.id })));
    fc.assert(
      fc.property(anyRequirement, voters, (wanted, people) => {
        const all = missingApprovals(wanted, people);
        expect(missingApprovals(wanted, people.slice(1)).approvers).toBeGreaterThanOrEqual(all.approvers);
        expect(missingApprovals(wanted, [...people].reverse()).approvers).toBe(all.approvers);
        expect(missingApprovals(wanted, [...people, ...people])).toEqual(all);
      }),
    );
  });
});
