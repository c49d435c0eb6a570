import {
  type AgentPrincipal,
  type Command,
  ExpactiError,
  ID_PREFIXES,
  type RestSubmission,
  type Submission,
} from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { CommandService, type SubmittingSession } from '../commands/command-service.js';
import { reviewUrl } from '../commands/command-views.js';
import { DecisionWait } from '../commands/decision-wait.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { agentOf, Input, param, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';
import { RECEIPT_KEYS, type ReceiptKeys } from '../receipts/receipt-keys.js';

@Controller()
export class CommandsController {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(CommandService) private readonly commands: CommandService,
    @Inject(DecisionWait) private readonly wait: DecisionWait,
    @Inject(RECEIPT_KEYS) private readonly keys: ReceiptKeys,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
  ) {}

  @Serves('submitCommand')
  async submit(@Input() input: RouteInput<'submitCommand'>): Promise<Command> {
    const agent = agentOf(input);
    const { wait_seconds = 0, session_id, ...rest } = input.body;
    const submission = withHeaderKey(rest, input.request.headers['idempotency-key']);
    const session = session_id ? await this.rpc.ask('sessions.resume', { principal: agent, id: session_id }) : null;
    const command = await this.#submitAndWait(agent, submission, session, wait_seconds);
    if (command.status === 'pending') input.response.status(202);
    return this.#withReviewUrl(command);
  }

  @Serves('listCommands')
  list(@Input() input: RouteInput<'listCommands'>) {
    return this.rpc.ask('audit.commands.list', { principal: userOf(input), query: input.query });
  }

  @Serves('getCommand')
  async get(@Input() input: RouteInput<'getCommand'>): Promise<Command> {
    const id = param(input, 'id');
    if (input.principal?.kind === 'agent') {
      return this.#withReviewUrl(await this.wait.forDecision(input.principal, id, input.query.wait_seconds));
    }
    const principal = userOf(input);
    const command =
      (await this.rpc.ask('approvals.command', { principal, id })) ??
      (await this.rpc.ask('audit.commands.get', { principal, id }));
    if (!command) throw new ExpactiError('NOT_FOUND');
    return command;
  }

  @Serves('commandTimeline')
  timeline(@Input() input: RouteInput<'commandTimeline'>) {
    return this.rpc.ask('audit.commands.timeline', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('startCommand')
  async start(@Input() input: RouteInput<'startCommand'>): Promise<Command> {
    const { command, receipt } = await this.commands.start(agentOf(input), param(input, 'id'));
    return withReceipt(command, receipt);
  }

  @Serves('cancelCommand')
  cancel(@Input() input: RouteInput<'cancelCommand'>): Promise<Command> {
    return this.commands.cancel(agentOf(input), param(input, 'id'));
  }

  @Serves('reportResult')
  report(@Input() input: RouteInput<'reportResult'>): Promise<Command> {
    return this.commands.report(agentOf(input), param(input, 'id'), input.body);
  }

  @Serves('receiptKeys')
  receiptKeys(@Input() _input: RouteInput<'receiptKeys'>) {
    return this.keys.jwks();
  }

  /** Within the waiting call the receipt comes with the decision, as it does on a live socket. */
  async #submitAndWait(
    agent: AgentPrincipal,
    submission: Submission,
    session: SubmittingSession | null,
    seconds: number,
  ) {
    const commandId = newId(ID_PREFIXES.command);
    const listening = this.wait.listen(commandId);
    try {
      const { command } = await this.commands.submit(agent, submission, session, commandId);
      if (command.status !== 'pending' || seconds === 0) return command;
      if (command.id !== commandId) return await this.wait.forDecision(agent, command.id, seconds);
      await listening.until(seconds);
      const decided = await this.commands.get(agent, commandId);
      return decided.status === 'allowed' ? await this.#started(agent, decided) : decided;
    } finally {
      listening.stop();
    }
  }

  async #started(agent: AgentPrincipal, decided: Command): Promise<Command> {
    try {
      const { command, receipt } = await this.commands.start(agent, decided.id);
      return withReceipt(command, receipt);
    } catch (error) {
      // Another call of the agent took the receipt; the decision stands without it.
      if (error instanceof ExpactiError && error.code === 'ALREADY_STARTED') return decided;
      throw error;
    }
  }

  #withReviewUrl(command: Command): Command {
    const isPending = command.status === 'pending' && command.approval_id !== null;
    return isPending
      ? { ...command, review_url: reviewUrl(this.options.publicUrl, command.approval_id ?? '') }
      : command;
  }
}

const withReceipt = (command: Command, receipt: string): Command => ({
  ...command,
  decision: command.decision && { ...command.decision, receipt },
});

/** The header and the field mean the same; two that differ are a mistake of the caller. */
function withHeaderKey(
  submission: Omit<RestSubmission, 'wait_seconds' | 'session_id'>,
  header: string | string[] | undefined,
): Submission {
  const key = Array.isArray(header) ? header[0] : header;
  if (key === undefined) return submission as Submission;
  if (key.length === 0 || key.length > 200)
    throw new ExpactiError('INVALID', 'Idempotency-Key: must have 1 to 200 characters');
  if (submission.idempotency_key !== undefined && submission.idempotency_key !== key)
    throw new ExpactiError('INVALID', 'The Idempotency-Key header and the idempotency_key field differ.');
  return { ...(submission as Submission), idempotency_key: key };
}
