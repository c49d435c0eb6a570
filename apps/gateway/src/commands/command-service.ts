import {
  type AgentPrincipal,
  type Approval,
  type Command,
  type CommandRecord,
  type CommandResult,
  CommandResult as CommandResultSchema,
  type Decision,
  ExpactiError,
  ID_PREFIXES,
  parseOrRefuse,
  type RpcResponse,
  type Submission,
} from '@expacti/contracts';
import type { Bus } from '@expacti/messaging';
import { newId } from '@expacti/persistence';
import {
  BUS,
  CLOCK,
  type Clock,
  fact,
  provenFact,
  RPC_CLIENT,
  type RpcClient,
  submissionFingerprint,
  timestamp,
} from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Credentials } from '../auth/credentials.js';
import { Drain } from '../drain.js';
import { Freshness } from '../freshness/freshness.js';
import { LatestMoment } from '../freshness/latest-moment.js';
import { IdentityLease } from '../freshness/leases.js';
import { OrgSettings } from '../freshness/org-settings.js';
import { RuleSnapshots } from '../freshness/rule-snapshots.js';
import { SubmissionMetrics } from '../gateway-metrics.js';
import {
  escapedText,
  type Judgement,
  judge,
  type ResolvedSubmission,
  wireAnalysis,
  wireRequirement,
} from '../judgement/judgement.js';
import { resolveSubmission } from '../judgement/resolve-submission.js';
import { RequestLimits } from '../limits/request-limits.js';
import { ReceiptMint } from '../receipts/receipt-mint.js';
import { commandFromRecord } from './command-views.js';
import { HistoryLag } from './history-lag.js';
import { RecentCommands } from './recent-commands.js';

export interface SubmittingSession {
  id: string;
  target: string | null;
}

export interface Submitted {
  command: Command;
  /** Null when rules or policy decided at once. */
  approval: Approval | null;
  /**
   * Throws UNAVAILABLE (retryable) where the leases have lapsed under which rules allowed it. Ask in the very step that lets
   * the receipt out: the process may have been stopped since, with answers of many commands on their way.
   */
  confirm(): void;
}

const LEASE_LAPSED = 'The rules could not be confirmed to be current, so a person decides.';

const nothingToConfirm = (): void => undefined;

const LAPSED_MEANWHILE =
  'While this was recorded, the server lost touch with the rest of the installation. Nothing was allowed; submit it again.';

/**
 * What an agent asks for, from the question to its answer. The only way to "allowed" here is a rule of a snapshot whose
 * lease holds, recorded durably before anybody hears of it; everything else is held for a person.
 */
@Injectable()
export class CommandService {
  readonly #moment: LatestMoment;

  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(Freshness) private readonly freshness: Freshness,
    @Inject(IdentityLease) private readonly identityLease: IdentityLease,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(OrgSettings) private readonly settings: OrgSettings,
    @Inject(RequestLimits) private readonly limits: RequestLimits,
    @Inject(ReceiptMint) private readonly mint: ReceiptMint,
    @Inject(RecentCommands) private readonly recent: RecentCommands,
    @Inject(SubmissionMetrics) private readonly metrics: SubmissionMetrics,
    @Inject(HistoryLag) private readonly lag: HistoryLag,
    @Inject(Drain) private readonly drain: Drain,
  ) {
    this.#moment = new LatestMoment(clock);
  }

  /**
   * @param commandId made by the caller, so that it can listen for the decision before the command exists
   */
  async submit(
    agent: AgentPrincipal,
    submission: Submission,
    session: SubmittingSession | null,
    commandId: string,
  ): Promise<Submitted> {
    const began = this.clock.elapsed();
    let result = 'error';
    try {
      this.drain.refuse();
      await this.limits.takeSubmission(agent.id);
      const submitted = await this.snapshots.inFlight.track(() => this.#decide(agent, submission, session, commandId));
      result = submitted.command.status;
      return submitted;
    } finally {
      this.metrics.record(result, (this.clock.elapsed() - began) / 1_000);
    }
  }

  async #decide(
    agent: AgentPrincipal,
    submission: Submission,
    session: SubmittingSession | null,
    commandId: string,
  ): Promise<Submitted> {
    const stretch = this.freshness.stretch();
    const rules = await this.snapshots.get(agent.org);
    if (!this.credentials.stands(agent)) throw new ExpactiError('UNAUTHENTICATED');
    const resolved = resolveSubmission(agent, submission, session, rules.targets);
    const judgement = judge(rules, resolved, this.#moment.now());
    // Without both leases a rule may have been made or removed, or the agent suspended, without this process knowing.
    if (stretch === null || stretch !== this.freshness.stretch() || !this.credentials.isConfirmed(agent))
      return this.#hold(agent, resolved, judgement, commandId, false);
    if (judgement.decision.verdict === 'review') return this.#hold(agent, resolved, judgement, commandId, true);
    return this.#decideByRule(agent, resolved, judgement, commandId, stretch);
  }

  async #decideByRule(
    agent: AgentPrincipal,
    resolved: ResolvedSubmission,
    judgement: Judgement,
    commandId: string,
    stretch: number,
  ): Promise<Submitted> {
    const now = this.clock.now();
    const record = recordOf(agent, resolved, judgement, commandId, now);
    const decision = ruleDecision(record, resolved, judgement, now);
    const minted = decision.outcome === 'allowed' ? this.mint.forRecord(agent.org, record, now) : null;
    const payload = {
      actor: { kind: 'agent' as const, id: agent.id, name: agent.name },
      subject: { type: 'command', id: commandId },
      data: {
        command: record,
        decision,
        receipt: minted && { jti: minted.jti, expires_at: minted.expiresAt },
        shadow_rule_ids: judgement.decision.shadow_rule_ids,
      },
    };
    const key = resolved.submission.idempotency_key;
    if (key === undefined) await this.bus.publish([provenFact('command.decided', agent.org, commandId, now, payload)]);
    else {
      const fingerprint = fingerprintOf(resolved, judgement.text);
      const claim = await this.rpc.ask('approvals.claim_key', { principal: agent, key, fingerprint, decided: payload });
      if (claim.command_id !== commandId)
        return { command: await this.#claimed(agent, claim.command_id), approval: null, confirm: nothingToConfirm };
    }
    const command = commandFromRecord(record, decision, now);
    this.recent.add(agent, command);
    // This process may have stood still since it judged (stopped, swapped out, a bus that took its time): the authorities
    // waited for its leases and no longer, and may have answered a tightening change meanwhile. What was recorded stays
    // recorded; its receipt never leaves this process. A denial needs no such care.
    const confirm = () => {
      if (minted && this.freshness.stretch() !== stretch) throw new ExpactiError('UNAVAILABLE', LAPSED_MEANWHILE);
    };
    confirm();
    return {
      command: { ...command, decision: { ...decision, ...(minted ? { receipt: minted.receipt } : {}) } },
      approval: null,
      confirm,
    };
  }

  async #hold(
    agent: AgentPrincipal,
    resolved: ResolvedSubmission,
    judgement: Judgement,
    commandId: string,
    rulesAreCurrent: boolean,
  ): Promise<Submitted> {
    const { submission, shell, target, sessionId } = resolved;
    const org = await this.settings.get(agent.org);
    const analysis = wireAnalysis(judgement);
    const { command, approval } = await this.rpc.ask('approvals.submit', {
      principal: agent,
      held: {
        command_id: commandId,
        approval_id: newId(ID_PREFIXES.approval),
        submission,
        text: judgement.text,
        text_sha256: judgement.textSha256,
        text_escaped: escapedText(judgement.text),
        shell,
        target: target?.name ?? null,
        session_id: sessionId,
        analysis: rulesAreCurrent ? analysis : { ...analysis, reasons: [LEASE_LAPSED, ...analysis.reasons] },
        risk: judgement.risk,
        requirement: wireRequirement(judgement),
        // What was judged by rules that may be old never runs because nobody answered.
        timeout: rulesAreCurrent ? org.timeout : { ...org.timeout, action: 'deny' },
        pending_limit: org.pending_limit,
        one_person_approval: org.one_person_approval,
      },
    });
    return { command, approval, confirm: nothingToConfirm };
  }

  /** The command that a key stands for: it exists, so where it is not found the history has only not heard of it yet. */
  async #claimed(agent: AgentPrincipal, id: string): Promise<Command> {
    try {
      return await this.get(agent, id);
    } catch (error) {
      if (error instanceof ExpactiError && error.code === 'NOT_FOUND') throw historyIsBehind();
      throw error;
    }
  }

  /**
   * The agent's own command, wherever it is kept. Throws NOT_FOUND for anybody else's, UNAVAILABLE where that cannot be told.
   */
  async get(agent: AgentPrincipal, id: string): Promise<Command> {
    const stretch = this.freshness.stretch();
    const command =
      this.recent.find(agent, id) ??
      (await this.rpc.ask('approvals.command', { principal: agent, id })) ??
      (await this.lag.find(agent, id, () => this.rpc.ask('audit.commands.get', { principal: agent, id })));
    if (command) return command;
    // Whatever cut this process off keeps news from the history, too: what it does not know may be there all the same.
    if (stretch === null || stretch !== this.freshness.stretch()) throw historyIsBehind();
    throw new ExpactiError('NOT_FOUND');
  }

  /** Mints the one receipt of an allowed command. The right to it is recorded before it exists. */
  async start(agent: AgentPrincipal, id: string): Promise<{ command: Command; receipt: string }> {
    // The one receipt must not be taken for somebody whose socket is about to be closed.
    this.drain.refuse();
    return this.snapshots.inFlight.track(() => this.#start(agent, id));
  }

  async #start(agent: AgentPrincipal, id: string): Promise<{ command: Command; receipt: string }> {
    if (!this.credentials.stands(agent)) throw new ExpactiError('UNAUTHENTICATED');
    const { stretch } = this.identityLease;
    const mayStillAct = () =>
      this.identityLease.holds() && this.identityLease.stretch === stretch && this.credentials.isConfirmed(agent);
    if (!mayStillAct()) throw unconfirmed();
    const recent = this.recent.find(agent, id);
    const grant = recent ? null : await this.#grant(agent, id);
    if (!grant) {
      // A rule's decision was minted with it, on the connection that asked.
      const { status } = recent ?? (await this.get(agent, id));
      throw new ExpactiError(status === 'allowed' ? 'ALREADY_STARTED' : 'NOT_ALLOWED_YET');
    }
    // As after a rule's decision. The right to the one receipt is used up: whoever still wants it run submits it again.
    if (!mayStillAct()) throw unconfirmed();
    return { command: grant.command, receipt: this.mint.forGrant(agent, grant) };
  }

  /** The recorded right to the one receipt; null where the queue does not hold the command: a rule may have decided it. */
  async #grant(agent: AgentPrincipal, id: string): Promise<RpcResponse<'approvals.start'> | null> {
    try {
      const receipt_seconds = this.mint.receiptSeconds;
      return await this.rpc.ask('approvals.start', { principal: agent, id, receipt_seconds });
    } catch (error) {
      if (error instanceof ExpactiError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  cancel(agent: AgentPrincipal, id: string): Promise<Command> {
    return this.rpc.ask('approvals.cancel', { principal: agent, id });
  }

  async report(agent: AgentPrincipal, id: string, result: CommandResult): Promise<Command> {
    const recent = this.recent.find(agent, id);
    if (recent) return this.#reportRecent(agent, recent, result);
    const command =
      (await this.rpc.ask('approvals.result', { principal: agent, id, result })) ??
      (await this.lag.find(agent, id, () => this.rpc.ask('audit.commands.result', { principal: agent, id, result })));
    if (!command) throw new ExpactiError('NOT_FOUND');
    return command;
  }

  /** History may not know this command yet; events of one key stay in order, so its end goes the way its start went. */
  async #reportRecent(agent: AgentPrincipal, command: Command, result: CommandResult): Promise<Command> {
    if (command.decision?.outcome !== 'allowed') throw new ExpactiError('NOT_ALLOWED_YET');
    const {
      exit_code = null,
      signal = null,
      duration_ms,
      output_bytes = null,
    } = parseOrRefuse(CommandResultSchema, result);
    const data = { exit_code, signal, duration_ms, output_bytes };
    const { command: finished, isNew } = this.recent.finish(agent, command.id, data);
    if (!isNew) return finished;
    const actor = { kind: 'agent' as const, id: agent.id, name: agent.name };
    const finish = { actor, subject: { type: 'command', id: command.id }, data };
    try {
      await this.bus.publish([fact('command.finished', agent.org, command.id, this.clock.now(), finish)]);
    } catch (error) {
      this.recent.add(agent, command);
      throw error;
    }
    return finished;
  }
}

const historyIsBehind = () => new ExpactiError('UNAVAILABLE', 'The history is catching up. Ask again in a moment.');

const unconfirmed = () =>
  new ExpactiError('UNAVAILABLE', 'It could not be confirmed that the agent may still act. Try again.');

function recordOf(
  agent: AgentPrincipal,
  { submission, shell, target, sessionId }: ResolvedSubmission,
  judgement: Judgement,
  commandId: string,
  now: number,
): CommandRecord {
  return {
    id: commandId,
    ref: submission.ref ?? null,
    kind: submission.kind,
    command: judgement.text,
    command_sha256: judgement.textSha256,
    shell,
    cwd: submission.cwd ?? null,
    target: target?.name ?? null,
    agent: { id: agent.id, name: agent.name },
    session_id: sessionId,
    reason: submission.reason ?? null,
    context: submission.context ?? null,
    approval_id: null,
    risk: judgement.risk,
    created_at: timestamp(now),
  };
}

function ruleDecision(
  record: CommandRecord,
  resolved: ResolvedSubmission,
  judgement: Judgement,
  now: number,
): Decision {
  const { verdict, rule_ids, reasons } = judgement.decision;
  return {
    outcome: verdict === 'allow' ? 'allowed' : 'denied',
    source: 'rule',
    command: record.command,
    edited: false,
    shell: resolved.shell,
    cwd: record.cwd,
    target: record.target,
    reason: verdict === 'allow' ? null : reasons.join('; '),
    rule_id: rule_ids[0] ?? null,
    reviewers: [],
    risk: judgement.risk,
    decided_at: timestamp(now),
  };
}

/** What an idempotency key stands for: the same key with other content is a clash. */
const fingerprintOf = ({ submission, shell, target }: ResolvedSubmission, text: string): string =>
  submissionFingerprint({
    kind: submission.kind,
    text,
    shell,
    cwd: submission.cwd ?? null,
    target: target?.name ?? null,
  });
