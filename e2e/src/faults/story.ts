import type { DecisionSource } from '@expacti/contracts';
import type { Frame } from '../support/agent.js';
import type { Standing } from './request-register.js';

export type Closed = Extract<Standing, { source: DecisionSource }>;

/**
 * What the agent means to do with a command: `routine` a rule allows; `held` waits for a reviewer; `withdrawn` is
 * cancelled soon after it was held; `left` no reviewer touches, so that its deadline passes.
 */
export type Plan = 'routine' | 'held' | 'withdrawn' | 'left';

/** One command of the load, from the question to its end, as its agent knows it. */
export interface Story {
  /** The last word of the command, its idempotency key and its ref. */
  readonly name: string;
  readonly plan: Plan;
  readonly command: string;
  readonly agent: { readonly id: string; readonly token: string };
  /** More than one: an idempotency key stood for two commands. */
  readonly commandIds: Set<string>;
  readonly approvalIds: Set<string>;
  /** The outcome that the agent was told first. */
  heard: Closed | null;
  /** Every receipt that came, by whatever way. */
  readonly receipts: Set<string>;
  /** The agent reported how the command ended, and was told that this is recorded. */
  isReported: boolean;
}

const ROUTINE_PREFIX = 'routine';

export const ROUTINE_PATTERN = `echo ${ROUTINE_PREFIX}-*`;

export function newStory(agent: Story['agent'], label: string, number: number, plan: Plan): Story {
  const name = `${plan}-${label}-${number}`;
  return {
    name,
    plan,
    command: plan === 'routine' ? `echo ${name}` : `make ${name}`,
    agent,
    commandIds: new Set(),
    approvalIds: new Set(),
    heard: null,
    receipts: new Set(),
    isReported: false,
  };
}

/** The story that a command's text belongs to, whoever shows it. */
export const nameIn = (command: string): string => command.split(' ').at(-1) ?? '';

/** How a decision on the wire stands: that of a frame, a command or an audit entry. */
export function standingOf({ outcome, source, reviewers }: Frame): Closed {
  const reviewer = source === 'reviewer' ? reviewers?.at(-1)?.id : null;
  return { status: outcome, source, reviewer: reviewer ?? null };
}

/** How a command, as REST shows it, stands. */
export const standingOfCommand = ({ status, decision }: Frame): Standing =>
  status === 'pending' ? { status: 'pending' } : standingOf(decision);

/** How an approval, as REST shows it, stands. */
export function standingOfApproval({ status, close_reason, votes }: Frame): Standing {
  if (status === 'pending') return { status: 'pending' };
  const reviewer = close_reason === 'reviewer' ? votes.at(-1)?.voter.id : null;
  return { status, source: close_reason, reviewer: reviewer ?? null };
}
