import type { AgentPrincipal, CommandRecord, RpcResponse } from '@expacti/contracts';
import { mintReceipt, type ReceiptClaims, sha256Hex } from '@expacti/crypto';
import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { RECEIPT_KEYS, type ReceiptKeys } from './receipt-keys.js';

export interface Minted {
  receipt: string;
  jti: string;
  expiresAt: string;
}

/** Signs receipts. That there is at most one for a command is recorded by the caller before it leaves this process. */
@Injectable()
export class ReceiptMint {
  readonly receiptSeconds: number;

  constructor(
    @Inject(RECEIPT_KEYS) private readonly keys: ReceiptKeys,
    @Inject(GATEWAY_OPTIONS) options: GatewayOptions,
  ) {
    this.receiptSeconds = options.receiptSeconds;
  }

  /** For a command that a rule allows. */
  forRecord(org: string, record: CommandRecord, now: number): Minted {
    const iat = Math.floor(now / 1_000);
    const exp = iat + this.receiptSeconds;
    const jti = newId('rct');
    const claims: ReceiptClaims = {
      sub: record.id,
      org,
      agent: record.agent.id,
      session_id: record.session_id,
      target: record.target,
      shell: record.shell,
      cwd: record.cwd,
      sha256: record.command_sha256,
      outcome: 'allowed',
      iat,
      exp,
      jti,
    };
    return { receipt: mintReceipt(this.keys.current, claims), jti, expiresAt: timestamp(exp * 1_000) };
  }

  /** For a command that people allowed, by the recorded right to its one receipt. It binds the decided (edited) text. */
  forGrant(agent: AgentPrincipal, { command, jti, issued_at, expires_at }: RpcResponse<'approvals.start'>): string {
    const decision = command.decision;
    if (decision?.outcome !== 'allowed')
      throw new Error(`a receipt was granted for ${command.id}, which is not allowed`);
    return mintReceipt(this.keys.current, {
      sub: command.id,
      org: agent.org,
      agent: agent.id,
      session_id: command.session_id,
      target: decision.target,
      shell: decision.shell,
      cwd: decision.cwd,
      sha256: sha256Hex(decision.command),
      outcome: 'allowed',
      iat: Math.floor(Date.parse(issued_at) / 1_000),
      exp: Math.floor(Date.parse(expires_at) / 1_000),
      jti,
    });
  }
}
