import {
  AGENT_PROTOCOL_VERSION,
  type AgentPrincipal,
  ExpactiError,
  type HelloFrame,
  MAX_COMMAND_LENGTH,
  MAX_FRAME_BYTES,
  type ServerFrame,
} from '@expacti/contracts';
import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Credentials } from '../auth/credentials.js';
import type { SubmittingSession } from '../commands/command-service.js';
import { Drain } from '../drain.js';
import { OrgSettings } from '../freshness/org-settings.js';
import { RuleSnapshots } from '../freshness/rule-snapshots.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { resolveTarget } from '../judgement/resolve-submission.js';
import { RECEIPT_KEYS, type ReceiptKeys } from '../receipts/receipt-keys.js';

/** Turns `hello` into `welcome`: who is there, and in which session. */
@Injectable()
export class Greeter {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(OrgSettings) private readonly settings: OrgSettings,
    @Inject(RECEIPT_KEYS) private readonly keys: ReceiptKeys,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(Drain) private readonly drain: Drain,
  ) {}

  async greet(hello: HelloFrame, token: string | undefined) {
    this.drain.refuse();
    if (!token)
      throw new ExpactiError('UNAUTHENTICATED', 'Send a shell token in the Authorization header or in hello.');
    const { principal: agent, expiresAt } = await this.credentials.authenticate(token);
    if (agent.kind !== 'agent') throw new ExpactiError('FORBIDDEN', 'Only agents connect here; people use /app.');
    const session = await this.#session(agent, hello);
    const welcome = await this.#welcome(agent, session);
    // Revoked meanwhile: no connection was known as this agent's yet, so nothing else would notice.
    if (!this.credentials.stands(agent)) throw new ExpactiError('UNAUTHENTICATED');
    return { agent, session, welcome, expiresAt };
  }

  /**
   * The agent as identity knows it since its lease began to hold: on a socket that outlived a lapse of the lease, it is
   * asked once more. Throws UNAUTHENTICATED when the token no longer belongs to this agent.
   */
  async confirm(agent: AgentPrincipal, token: string): Promise<AgentPrincipal> {
    if (this.credentials.isConfirmed(agent)) return agent;
    const { principal } = await this.credentials.authenticate(token);
    if (principal.kind !== 'agent' || principal.id !== agent.id || principal.org !== agent.org)
      throw new ExpactiError('UNAUTHENTICATED');
    return principal;
  }

  async endSession(agent: AgentPrincipal, id: string): Promise<void> {
    await this.rpc.ask('sessions.end', { principal: agent, id });
  }

  async #session(agent: AgentPrincipal, hello: HelloFrame): Promise<SubmittingSession> {
    if (hello.session_id) return this.rpc.ask('sessions.resume', { principal: agent, id: hello.session_id });
    const { name = null, target = null, labels = {} } = hello.session ?? {};
    const known = target === null ? null : resolveTarget(agent, target, (await this.snapshots.get(agent.org)).targets);
    return this.rpc.ask('sessions.start', {
      principal: agent,
      name,
      target: known?.name ?? null,
      labels,
      client: hello.client,
    });
  }

  async #welcome(
    agent: AgentPrincipal,
    session: SubmittingSession,
  ): Promise<Extract<ServerFrame, { type: 'welcome' }>> {
    const { limits, serverVersion } = this.options;
    const [org, receipt_keys] = await Promise.all([this.settings.get(agent.org), this.keys.jwks()]);
    return {
      type: 'welcome',
      protocol: AGENT_PROTOCOL_VERSION,
      server_version: serverVersion,
      session_id: session.id,
      org: agent.org,
      agent: agent.id,
      limits: {
        max_frame_bytes: MAX_FRAME_BYTES,
        max_command_length: MAX_COMMAND_LENGTH,
        submissions_per_second: limits.submissionsPerSecond,
        submission_burst: limits.submissionBurst,
        pending: org.pending_limit,
      },
      receipt_keys,
    };
  }
}
