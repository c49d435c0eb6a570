import type { Analysis } from '@expacti/shell';
import { Applicability } from './decide/applicability.js';
import { decideCommand } from './decide/decide-command.js';
import { decideFileTransfer } from './decide/decide-file-transfer.js';
import { decideToolCall } from './decide/decide-tool-call.js';
import type { Decision } from './decision.js';
import type { DecisionRequest } from './request.js';
import type { Snapshot } from './snapshot.js';

/**
 * Judges a request against the rules: deny, then review, then allow; where no rule speaks, review. The same arguments
 * always give the same decision.
 *
 * @param now epoch milliseconds, for rules that expire
 * @param analysis of the command, where the caller has it already; it must be that of the request's text and shell
 */
export function decide(
  snapshot: Snapshot,
  request: DecisionRequest,
  now: number,
  analysis: Analysis | null = null,
): Decision {
  const applicability = new Applicability(snapshot, request, now);
  const decision = judge(applicability, request, analysis);
  if (decision.verdict === 'review' && applicability.ownersRule !== null)
    decision.reasons.push(
      `Rule ${applicability.ownersRule} does not count here: the agent's owner made it, and nobody allows what their own agent asks for.`,
    );
  return decision;
}

function judge(applicability: Applicability, request: DecisionRequest, analysis: Analysis | null): Decision {
  switch (request.kind) {
    case 'command':
      return decideCommand(applicability, request, analysis);
    case 'tool_call':
      return decideToolCall(applicability, request);
    case 'file_transfer':
      return decideFileTransfer(applicability, request);
  }
}
