import { type AgentPrincipal, ExpactiError, type Shell, type Submission } from '@expacti/contracts';
import type { SnapshotTarget } from '../freshness/rule-snapshots.js';
import type { ResolvedSubmission } from './judgement.js';

const DEFAULT_SHELL: Shell = 'bash';

/**
 * Resolves the names in a submission against what the token may claim. A claim outside of it is an error and never
 * silently narrowed: the agent would believe to act elsewhere than it does.
 */
export function resolveSubmission(
  agent: AgentPrincipal,
  submission: Submission,
  session: { id: string; target: string | null } | null,
  targets: readonly SnapshotTarget[],
): ResolvedSubmission {
  if (agent.kinds && !agent.kinds.includes(submission.kind))
    throw outside(`kind ${submission.kind}; it covers ${agent.kinds.join(', ')}`);
  const target = resolveTarget(agent, submission.target ?? session?.target ?? null, targets);
  return {
    submission,
    target,
    shell: resolveShell(agent, submission.shell, target),
    agentId: agent.id,
    agentOwnerId: agent.owner_id,
    sessionId: session?.id ?? null,
  };
}

/** Finds a target by its name or id among those the token covers. */
export function resolveTarget(
  agent: AgentPrincipal,
  claimed: string | null,
  targets: readonly SnapshotTarget[],
): SnapshotTarget | null {
  const allowed = agent.targets;
  if (claimed === null) {
    if (!allowed) return null;
    if (allowed.length !== 1) throw outside(`a command without a target; name one of ${allowed.join(', ')}`);
  }
  const wanted = claimed ?? allowed?.[0];
  const target = targets.find(({ id, name }) => name === wanted || id === wanted);
  if (!target) throw new ExpactiError('UNKNOWN_TARGET', `There is no target ${JSON.stringify(wanted)}.`);
  if (allowed && !allowed.includes(target.name) && !allowed.includes(target.id)) throw outside(`target ${target.name}`);
  return target;
}

function resolveShell(agent: AgentPrincipal, claimed: Shell | undefined, target: SnapshotTarget | null): Shell {
  const fixed = target?.shell ?? (agent.shells?.length === 1 ? agent.shells[0] : undefined);
  const shell = claimed ?? fixed ?? DEFAULT_SHELL;
  if (target?.shell && shell !== target.shell)
    throw outside(`shell ${shell} on ${target.name}, which runs ${target.shell}`);
  if (agent.shells && !agent.shells.includes(shell))
    throw outside(`shell ${shell}; it covers ${agent.shells.join(', ')}`);
  return shell;
}

const outside = (what: string) => new ExpactiError('CLAIM_OUTSIDE_TOKEN', `The token does not cover ${what}.`);
