import { isDeepStrictEqual } from 'node:util';
import { type RestApi, unwrap } from '../connection/rest-api.js';
import { ExpactiReceiptError } from '../errors.js';
import type { ReceiptClaims } from '../receipt/claims.js';
import type { ReceiptKeys } from '../receipt/receipt-keys.js';
import { keyIdOf, type VerificationTime, verifyReceipt } from '../receipt/verify-receipt.js';
import type { Decision, DecisionSource, Risk, Shell, Submission } from '../wire/types.js';
import type { Job, Settled } from './job.js';

/** An allowed command whose receipt has been verified against what was asked for. */
export interface ApprovedCommand {
  readonly commandId: string;
  /** The exact text to run; for a tool call or a file transfer its canonical JSON. */
  readonly command: string;
  /** A reviewer changed the text. */
  readonly edited: boolean;
  readonly shell: Shell;
  readonly cwd: string | null;
  readonly target: string | null;
  readonly source: DecisionSource;
  readonly reason: string | null;
  readonly ruleId: string | null;
  readonly reviewers: readonly { id: string; name: string }[];
  readonly risk: Risk;
  readonly claims: Readonly<ReceiptClaims>;
}

/**
 * Verifies the receipt of an allowed decision and everything that it binds.
 * @throws ExpactiReceiptError; nothing may run then.
 */
export async function verifyApproval(
  job: Job,
  settled: Settled,
  keys: ReceiptKeys,
  api: RestApi,
  time: VerificationTime,
): Promise<ApprovedCommand> {
  const { decision, receipt, commandId } = settled;
  if (receipt === undefined) throw new ExpactiReceiptError('The answer carries no receipt.', 'RECEIPT_MISSING');
  requireSameRequest(job.body, decision);
  await requireKey(receipt, keys, api);
  const claims = verifyReceipt(
    receipt,
    keys,
    {
      commandId,
      command: decision.command,
      shell: decision.shell,
      cwd: decision.cwd,
      target: decision.target,
      org: settled.org,
      agent: settled.agent,
      sessionIds: job.sessionIds,
    },
    time,
  );
  return Object.freeze({
    commandId,
    command: decision.command,
    edited: decision.edited,
    shell: decision.shell,
    cwd: decision.cwd,
    target: decision.target,
    source: decision.source,
    reason: decision.reason || null,
    ruleId: decision.rule_id ?? null,
    reviewers: decision.reviewers,
    risk: decision.risk,
    claims: Object.freeze(claims),
  });
}

/** A key that came after the welcome is fetched once; an unknown one is then refused by the verification. */
async function requireKey(receipt: string, keys: ReceiptKeys, api: RestApi): Promise<void> {
  const kid = keyIdOf(receipt);
  if (kid !== undefined && keys.find(kid) === undefined) keys.add(await unwrap(api.GET('/api/v1/receipt-keys')));
}

/** The decision must be about what we asked for; only a reviewer's edit, marked as one, may change the text. */
function requireSameRequest(body: Submission, decision: Decision): void {
  const different =
    (!decision.edited && !isSameText(body, decision.command) && 'text') ||
    (body.shell !== undefined && body.shell !== decision.shell && 'shell') ||
    (body.cwd !== undefined && body.cwd !== decision.cwd && 'working directory') ||
    (body.target !== undefined && body.target !== decision.target && 'target');
  if (different) {
    throw new ExpactiReceiptError(
      `The decision is about another request: its ${different} differs.`,
      'DECISION_MISMATCH',
    );
  }
}

function isSameText(body: Submission, text: string): boolean {
  if (!('kind' in body) || body.kind === undefined || body.kind === 'command') {
    return 'command' in body && body.command === text;
  }
  const { tool, arguments: args, direction, paths, bytes } = body as Record<string, unknown>;
  const asked =
    body.kind === 'tool_call'
      ? { tool, arguments: args }
      : { direction, paths, ...(bytes === undefined ? {} : { bytes }) };
  try {
    // Compared as JSON, because the wire knows no undefined and no Date.
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(asked)));
  } catch {
    return false;
  }
}
