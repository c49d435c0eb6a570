import { eventually } from '@expacti/testkit';
import type { Frame } from './agent.js';
import type { Answer, Caller } from './rest.js';

/** The approval of a command as reviewers see it. */
export async function approvalOf(review: Caller, approvalId: string): Promise<Frame> {
  return (await review('GET', `/approvals/${approvalId}`)).body;
}

/** Votes for the text as it is now. */
export async function vote(
  review: Caller,
  approvalId: string,
  verb: 'approve' | 'deny',
  more: Record<string, unknown> = {},
): Promise<Answer> {
  const { version, command_sha256 } = await approvalOf(review, approvalId);
  return review('POST', `/approvals/${approvalId}/${verb}`, { version, command_sha256, ...more });
}

/** Audit entries about one subject, oldest first, once there are as many as expected. */
export async function auditOf(review: Caller, subjectId: string, atLeast: number): Promise<Frame[]> {
  return eventually(async () => {
    const { body } = await review('GET', `/audit?subject_id=${subjectId}&limit=200`);
    const entries = [...(body.data as Frame[])].reverse();
    return entries.length >= atLeast ? entries : false;
  }, `${atLeast} audit entries about ${subjectId}`) as Promise<Frame[]>;
}
