import type { Requirement, Risk, Submission, Analysis as WireAnalysis } from '@expacti/contracts';
import { sha256Hex } from '@expacti/crypto';
import { assessRisk, type Decision, type DecisionRequest, decide } from '@expacti/policy-engine';
import { type Analysis, analyze, escapeText, type Shell } from '@expacti/shell';
import type { OrgRules, SnapshotTarget } from '../freshness/rule-snapshots.js';
import { submissionText } from './submission-text.js';

/** A submission whose names have been resolved. */
export interface ResolvedSubmission {
  submission: Submission;
  shell: Shell;
  target: SnapshotTarget | null;
  agentId: string;
  /** Whom the agent belongs to; null where it belongs to nobody. */
  agentOwnerId: string | null;
  sessionId: string | null;
}

/** Everything there is to say about a submission before anybody votes. */
export interface Judgement {
  decision: Decision;
  text: string;
  textSha256: string;
  risk: Risk;
  /** What the text says to a reader, whatever the rules say: null of what is not a command. */
  analysis: Analysis | null;
}

/** Judges by the org's rules in memory. Pure: the same arguments give the same judgement. */
export function judge(rules: OrgRules, resolved: ResolvedSubmission, now: number): Judgement {
  const text = submissionText(resolved.submission);
  const request = decisionRequest(resolved);
  const analysis = request.kind === 'command' ? analyze(request.command, request.shell) : null;
  const decision = decide(rules.snapshot, request, now, analysis);
  const risk = assessRisk(request, analysis, { production: resolved.target?.production ?? false });
  return { decision, text, textSha256: sha256Hex(text), risk, analysis };
}

function decisionRequest(resolved: ResolvedSubmission): DecisionRequest {
  const { submission, shell, target, agentId, agentOwnerId, sessionId } = resolved;
  const common = { agent_id: agentId, agent_owner_id: agentOwnerId, session_id: sessionId, target: target?.id ?? null };
  switch (submission.kind) {
    case 'command':
      return { ...common, kind: 'command', command: submission.command, shell, cwd: submission.cwd ?? null };
    case 'tool_call':
      return { ...common, kind: 'tool_call', tool: submission.tool, arguments: submission.arguments };
    case 'file_transfer':
      return { ...common, kind: 'file_transfer', direction: submission.direction, paths: submission.paths };
  }
}

/** The reviewer's view of the judgement. */
export function wireAnalysis({ decision, analysis }: Judgement): WireAnalysis {
  const { parseable, reasons, commands } = decision;
  return { parseable, reasons, commands, warnings: analysis?.warnings ?? [] };
}

export const escapedText = (text: string): string => escapeText(text);

/** What the request needs, without what is still missing of it. */
export function wireRequirement({ decision }: Judgement): Omit<Requirement, 'missing'> {
  const { require_n_approvers, policy, roles, groups, policy_id } = decision.requirement;
  return { require_n_approvers, policy, roles: [...roles], groups: [...groups], policy_id: policy_id ?? null };
}
