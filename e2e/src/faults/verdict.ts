import type { Approval, AuditEntry, Vote } from '@expacti/contracts';
import { type ChainFault, sha256Hex, verifyChain, verifyReceipt } from '@expacti/crypto';
import { describeCall, describeStanding } from './describe-call.js';
import { type Evidence, type EvidenceOptions, gatherEvidence } from './evidence.js';
import { entriesFor, expectedEntries } from './expected-entries.js';
import { linearize } from './linearizability.js';
import { REQUEST_REGISTER, type RequestCall } from './request-register.js';
import { type Closed, type Story, standingOf, standingOfCommand } from './story.js';
import { unverifiedClaims } from './unverified-claims.js';
import type { Violation, ViolationKind } from './violation.js';

/** Everything that went wrong under a load, once the system is back; nothing if all that was promised was kept. */
export const verdict = async (options: EvidenceOptions): Promise<Violation[]> => judge(await gatherEvidence(options));

export async function judge(evidence: Evidence): Promise<Violation[]> {
  const { record, deadLetters } = evidence;
  return [
    ...record.stories.flatMap((story) => [
      ...outcomes(story, evidence),
      ...receipts(story, evidence),
      ...order(story, evidence),
    ]),
    ...records(evidence),
    ...votes(evidence),
    ...sharedReceipts(evidence),
    ...(await chain(evidence)),
    ...deadLetters.map((line) => violation('dead letter', 'bus', line)),
    ...record.surprises.map((line) => violation('surprise', 'client', line)),
  ];
}

const violation = (kind: ViolationKind, about: string, says: string): Violation => ({ kind, about, says });

/** One command, one outcome, and everybody tells the same one. */
function outcomes(story: Story, { commands, audit }: Evidence): Violation[] {
  const { name, heard, commandIds, approvalIds } = story;
  const found: Violation[] = [];
  for (const ids of [commandIds, approvalIds])
    if (ids.size > 1) found.push(violation('doubled', name, `one submission became ${[...ids].join(' and ')}`));
  if (!heard)
    found.push(violation('forgotten', name, `no outcome was ever heard of ${[...commandIds].join() || 'it'}`));
  for (const id of commandIds) {
    const told: [string, string][] = [];
    if (heard) told.push(['the agent', describeStanding(heard)]);
    const command = commands.get(id);
    told.push(['GET /commands', command ? describeStanding(standingOfCommand(command)) : 'not found']);
    const closings = audit.closings(id);
    for (const { data, sequence } of closings)
      told.push([`audit entry ${sequence}`, describeStanding(standingOf(data.decision as Record<string, unknown>))]);
    if (closings.length === 0) found.push(violation('not recorded', name, `${id} has no decision in the audit log`));
    if (closings.length > 1)
      found.push(violation('recorded twice', name, `${id} was decided ${closings.length} times`));
    if (new Set(told.map(([, standing]) => standing)).size > 1)
      found.push(violation('outcomes differ', name, told.map((pair) => pair.join(': ')).join('; ')));
  }
  return found;
}

/** A receipt is for one allowed command, recorded before it was given out, and there is one at most. */
function receipts(story: Story, { audit, keys }: Evidence): Violation[] {
  const [id = ''] = story.commandIds;
  const found: Violation[] = [];
  if (story.receipts.size > 1) found.push(violation('receipt twice', story.name, `${story.receipts.size} for ${id}`));
  for (const receipt of story.receipts) {
    const claims = unverifiedClaims(receipt);
    // By the signer's own clock: when it ran out is not the question here, and clocks may have been made to jump.
    const verified = verifyReceipt(receipt, keys, Number(claims.iat) * 1_000, {
      command: story.command,
      shell: 'bash',
      cwd: null,
      commandId: id,
      agent: story.agent.id,
    });
    if (!verified.ok) found.push(violation('receipt wrong', story.name, `${id}: ${verified.fault}`));
    if (story.heard?.status !== 'allowed')
      found.push(violation('receipt wrong', story.name, `${id} has one and is ${statusOf(story.heard)}`));
    if (!audit.receiptIds(id).includes(String(claims.jti)))
      found.push(violation('not recorded', story.name, `${id} has the receipt ${claims.jti}, which no entry names`));
  }
  const recorded = audit.receiptIds(id);
  if (recorded.length > 1) found.push(violation('receipt twice', story.name, `${id}: ${recorded.join(' and ')}`));
  return found;
}

const statusOf = (heard: Closed | null): string => (heard ? describeStanding(heard) : 'undecided');

/** One receipt for two commands would let the second run on the first one's approval. */
function sharedReceipts({ record }: Evidence): Violation[] {
  const owners = new Map<string, string>();
  const found: Violation[] = [];
  for (const { name, receipts } of record.stories)
    for (const receipt of receipts) {
      const jti = String(unverifiedClaims(receipt).jti);
      const other = owners.get(jti);
      if (other !== undefined)
        found.push(violation('receipt twice', name, `${jti} was given out for ${other} as well`));
      owners.set(jti, name);
    }
  return found;
}

/** What the clients saw, and what is there in the end, happened in some order. */
function order(story: Story, { record, commands, readAt }: Evidence): Violation[] {
  const last = [...story.commandIds].map((id): RequestCall => {
    const command = commands.get(id);
    const answer = command
      ? { kind: 'stands' as const, standing: standingOfCommand(command) }
      : { kind: 'not_found' as const };
    return { by: 'in the end', asked: { kind: 'read' }, invokedAt: readAt, answered: { at: readAt, answer } };
  });
  const judged = linearize(REQUEST_REGISTER, [...record.history.callsOf(story.name), ...last]);
  if (judged.ok) return [];
  const says = `no order explains: ${judged.contradiction.map(describeCall).join('; ')}`;
  return [violation('not linearizable', story.name, says)];
}

/** What was acknowledged is in the audit log once. */
function records({ record, audit }: Evidence): Violation[] {
  return expectedEntries(record).flatMap((expected) => {
    const { story, action, id, actor } = expected;
    const count = entriesFor(audit, expected).length;
    if (count === 1) return [];
    const what = `${action} of ${id}${actor === undefined ? '' : ` by ${actor}`}`;
    return [
      count === 0
        ? violation('not recorded', story.name, `${what} was acknowledged`)
        : violation('recorded twice', story.name, `${what} is there ${count} times`),
    ];
  });
}

/** The votes on a request, of which one closed it: somebody cast it, and it counts once. */
function votes({ record, audit }: Evidence): Violation[] {
  return record.stories.flatMap(({ name, commandIds, approvalIds }) => {
    const cast = record.history.callsOf(name).flatMap(({ asked }) => (asked.kind === 'vote' ? [asked] : []));
    const recorded = [...approvalIds].flatMap((id) => audit.of('approval.voted', id));
    const counted = [...commandIds].flatMap((id) => audit.of('approval.closed', id).flatMap(countedVotes));
    const found = recorded
      .filter(({ actor, data }) => !cast.some(({ reviewer, verb }) => reviewer === actor.id && verb === data.verb))
      .map(({ sequence, actor }) => violation('made up', name, `entry ${sequence}: ${actor.name} cast no such vote`));
    const most = Math.max(recorded.length, counted.length);
    if (most > 1) found.push(violation('recorded twice', name, `one vote was to close it, and ${most} are recorded`));
    return found;
  });
}

const countedVotes = ({ data }: AuditEntry): readonly Vote[] => (data.approval as Approval).votes;

async function chain({ audit }: Evidence): Promise<Violation[]> {
  const { faults } = await verifyChain(audit.all);
  const seen = new Map<string, number>();
  const found = faults.map((fault) => violation('chain broken', `entry ${fault.sequence}`, describeFault(fault)));
  for (const { sequence, hash: _hash, previous_hash: _previous, ...content } of audit.all) {
    const digest = sha256Hex(JSON.stringify(content));
    const other = seen.get(digest);
    if (other !== undefined)
      found.push(violation('recorded twice', `entry ${sequence}`, `${content.action}: the same as entry ${other}`));
    seen.set(digest, sequence);
  }
  return found;
}

const describeFault = (fault: ChainFault): string =>
  fault.kind === 'removed' ? `entries ${fault.sequence} to ${fault.through} are missing` : `the entry is ${fault.kind}`;
