import type { Approval, AuditEntry, Command } from '@expacti/contracts';
import { type Chained, chainEntry } from '@expacti/crypto';
import { AuditIndex } from './audit-index.js';
import type { Evidence } from './evidence.js';
import type { RequestCall } from './request-register.js';
import type { Story } from './story.js';
import type { ViolationKind } from './violation.js';

/** One thing that could have gone wrong, put into evidence of a load in which nothing did. */
export interface Doctoring {
  readonly what: string;
  readonly doctor: (evidence: Evidence) => Evidence;
  /** Every kind of violation that it has to be found as. */
  readonly expected: readonly ViolationKind[];
}

type EntryBody = Omit<AuditEntry, 'hash' | 'previous_hash'>;

/** The same log with other entries, chained anew: no hash tells. */
function rechained(evidence: Evidence, change: (entries: readonly EntryBody[]) => readonly EntryBody[]): Evidence {
  const chained: Chained<EntryBody>[] = [];
  for (const { sequence: _, ...body } of change(evidence.audit.all))
    chained.push(chainEntry(chained.at(-1), body as EntryBody));
  return { ...evidence, audit: new AuditIndex(chained as AuditEntry[]) };
}

const storyWhere = ({ record }: Evidence, fits: (story: Story) => boolean): Story => {
  const found = record.stories.find(fits);
  if (!found) throw new Error('The load has no such command');
  return found;
};

const isApproved = ({ heard, receipts }: Story): boolean =>
  heard?.source === 'reviewer' && heard.status === 'allowed' && receipts.size === 1;
const approved = (evidence: Evidence): Story => storyWhere(evidence, isApproved);

const commandOf = ({ commandIds }: Story): string => [...commandIds][0] ?? '';

function withStory(evidence: Evidence, story: Story, change: Partial<Story>): Evidence {
  const stories = evidence.record.stories.map((other) => (other === story ? { ...story, ...change } : other));
  return { ...evidence, record: { ...evidence.record, stories } };
}

function withCalls(
  evidence: Evidence,
  story: Story,
  change: (calls: readonly RequestCall[]) => readonly RequestCall[],
): Evidence {
  const { history } = evidence.record;
  const callsOf = (name: string) => (name === story.name ? change(history.callsOf(name)) : history.callsOf(name));
  return { ...evidence, record: { ...evidence.record, history: { callsOf } } };
}

function withCommand(evidence: Evidence, story: Story, change: (command: Command) => Command | null): Evidence {
  const commands = new Map(evidence.commands);
  const id = commandOf(story);
  commands.set(id, change(commands.get(id) as Command));
  return { ...evidence, commands };
}

const isAbout =
  (action: string, story: Story) =>
  (entry: EntryBody): boolean =>
    entry.action === action && (entry.subject.id === commandOf(story) || story.approvalIds.has(entry.subject.id));

const without = (evidence: Evidence, action: string): Evidence => {
  const isGone = isAbout(action, approved(evidence));
  return rechained(evidence, (entries) => entries.filter((entry) => !isGone(entry)));
};

/** At the end, and a moment later: as a consumer that had forgotten would write it. */
const twice = (evidence: Evidence, action: string): Evidence => {
  const isMeant = isAbout(action, approved(evidence));
  return rechained(evidence, (entries) => {
    const again = entries
      .filter(isMeant)
      .map((entry) => ({ ...entry, at: new Date(Date.parse(entry.at) + 1).toISOString() }));
    return [...entries, ...again];
  });
};

const answeredAt = (
  at: number,
  call: Omit<RequestCall, 'invokedAt' | 'answered'>,
  answer: 'done' | 'receipt',
): RequestCall => ({
  ...call,
  invokedAt: at,
  answered: { at: at + 1, answer: { kind: answer } },
});

export const DOCTORINGS: readonly Doctoring[] = [
  {
    what: 'an acknowledged vote that the log does not have',
    doctor: (evidence) => without(evidence, 'approval.voted'),
    expected: ['not recorded'],
  },
  {
    what: 'an allowed command without a decision in the log',
    doctor: (evidence) => without(evidence, 'approval.closed'),
    expected: ['not recorded'],
  },
  {
    what: 'a receipt that was given out and not recorded',
    doctor: (evidence) => without(evidence, 'command.started'),
    expected: ['not recorded'],
  },
  {
    what: 'a vote that counts twice',
    doctor: (evidence) => twice(evidence, 'approval.voted'),
    expected: ['recorded twice'],
  },
  {
    what: 'a vote that is in the log once and counts twice',
    doctor: (evidence) => {
      const isClosing = isAbout('approval.closed', approved(evidence));
      const doubled = (entry: EntryBody): EntryBody => {
        const approval = entry.data.approval as Approval;
        return {
          ...entry,
          data: { ...entry.data, approval: { ...approval, votes: [...approval.votes, ...approval.votes] } },
        };
      };
      return rechained(evidence, (entries) => entries.map((entry) => (isClosing(entry) ? doubled(entry) : entry)));
    },
    expected: ['recorded twice'],
  },
  {
    what: 'a request that is closed twice',
    doctor: (evidence) => twice(evidence, 'approval.closed'),
    expected: ['recorded twice'],
  },
  {
    what: 'an event that was delivered twice and written twice',
    doctor: (evidence) => rechained(evidence, (entries) => [...entries, ...entries.slice(5, 6)]),
    expected: ['recorded twice'],
  },
  {
    what: 'a vote that nobody cast',
    doctor: (evidence) => {
      const isVote = isAbout('approval.voted', approved(evidence));
      const actor = { kind: 'user' as const, id: 'usr_nobody', name: 'nobody' };
      return rechained(evidence, (entries) => entries.map((entry) => (isVote(entry) ? { ...entry, actor } : entry)));
    },
    expected: ['made up', 'not recorded'],
  },
  {
    what: 'an entry that is cut out of the chain',
    doctor: (evidence) => ({
      ...evidence,
      audit: new AuditIndex(evidence.audit.all.filter((_, index) => index !== 3)),
    }),
    expected: ['chain broken'],
  },
  {
    what: 'a command that stands otherwise than its agent heard',
    doctor: (evidence) =>
      withCommand(evidence, approved(evidence), (command) => ({
        ...command,
        status: 'denied',
        decision: command.decision && { ...command.decision, outcome: 'denied' },
      })),
    expected: ['outcomes differ', 'not linearizable'],
  },
  {
    what: 'a closed request that is open again',
    doctor: (evidence) =>
      withCommand(evidence, approved(evidence), (command) => ({ ...command, status: 'pending', decision: null })),
    expected: ['outcomes differ', 'not linearizable'],
  },
  {
    what: 'a command that is gone',
    doctor: (evidence) => withCommand(evidence, approved(evidence), () => null),
    expected: ['outcomes differ', 'not linearizable'],
  },
  {
    what: 'a command whose agent waits for ever',
    doctor: (evidence) =>
      withStory(
        evidence,
        storyWhere(evidence, ({ heard }) => heard?.status === 'denied'),
        { heard: null },
      ),
    expected: ['forgotten'],
  },
  {
    what: 'a submission that was put before people twice',
    doctor: (evidence) => {
      const story = approved(evidence);
      return withStory(evidence, story, { approvalIds: new Set([...story.approvalIds, 'apr_second']) });
    },
    expected: ['doubled', 'not recorded'],
  },
  {
    what: 'two winners',
    doctor: (evidence) => {
      const story = approved(evidence);
      const asked = { kind: 'vote', verb: 'deny', reviewer: 'usr_second' } as const;
      return withCalls(evidence, story, (calls) => [
        ...calls,
        answeredAt(evidence.readAt, { by: 'second', asked }, 'done'),
      ]);
    },
    expected: ['not linearizable', 'not recorded'],
  },
  {
    what: 'a second start that was granted',
    doctor: (evidence) =>
      withCalls(evidence, approved(evidence), (calls) => [
        ...calls,
        answeredAt(evidence.readAt, { by: 'agent', asked: { kind: 'start' } }, 'receipt'),
      ]),
    expected: ['not linearizable'],
  },
  {
    what: 'a second receipt',
    doctor: (evidence) => {
      const [one, other] = evidence.record.stories.filter(isApproved) as [Story, Story];
      return withStory(evidence, one, { receipts: new Set([...one.receipts, ...other.receipts]) });
    },
    expected: ['receipt twice', 'receipt wrong', 'not recorded'],
  },
  {
    what: 'a receipt that does not verify',
    doctor: (evidence) => {
      const story = approved(evidence);
      const forged = [...story.receipts].map((receipt) => receipt.replace(/\.[^.]{8}/g, '.AAAAAAAA'));
      return withStory(evidence, story, { receipts: new Set(forged) });
    },
    expected: ['receipt wrong', 'not recorded'],
  },
  {
    what: 'a receipt for what was denied',
    doctor: (evidence) => {
      const denied = storyWhere(evidence, ({ heard }) => heard?.status === 'denied');
      return withStory(evidence, denied, { receipts: approved(evidence).receipts });
    },
    expected: ['receipt twice', 'receipt wrong', 'not recorded'],
  },
  {
    what: 'an event that a consumer gave up',
    doctor: (evidence) => ({ ...evidence, deadLetters: ['audit gave up command.started: it does not parse'] }),
    expected: ['dead letter'],
  },
  {
    what: 'an answer that nobody should get',
    doctor: (evidence) => ({
      ...evidence,
      record: { ...evidence.record, surprises: ['a vote was answered with 418'] },
    }),
    expected: ['surprise'],
  },
];
