import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AGENT_FRAMES, type AgentFrameType, ERROR_CATALOGUE, type ErrorCode, SERVER_FRAMES } from '@expacti/contracts';
import { type WebSocket, WebSocketServer } from 'ws';
import { ReceiptMint } from './receipt-mint.js';
import {
  decisionOf,
  LATER,
  type Plan,
  REQUIREMENT,
  RISK,
  restCommandOf,
  type ScriptedCommand,
  typeId,
} from './scripted-command.js';

type Frame = { type: string } & Record<string, unknown>;

/** Something that goes wrong once, at the next frame or request of that name. */
export interface Fault {
  at: AgentFrameType | 'POST /commands' | 'GET /command' | 'POST /start' | 'POST /result';
  /** `drop`: the connection breaks before it is read. `drop-after`: after it was acted on, the answer lost. `ignore`: no answer. */
  what: 'drop' | 'drop-after' | 'ignore' | { error: ErrorCode };
}

/**
 * A gateway that does what a test's plans say, over a real WebSocket and real HTTP. Every frame in both directions is
 * checked against the contracts, so that these tests cannot agree with a client that speaks wrongly.
 */
export class ScriptedGateway {
  readonly mint = new ReceiptMint();
  readonly frames: Frame[] = [];
  readonly requests: string[] = [];
  readonly violations: string[] = [];
  readonly commands: ScriptedCommand[] = [];
  readonly faults: Fault[] = [];
  /** Refuses WebSocket upgrades with this status, as a proxy in between might. */
  refuseUpgrades: number | undefined;
  token = 'shell_test';
  private readonly plans = new Map<string, Plan>();
  private readonly byKey = new Map<string, ScriptedCommand>();
  private readonly sockets = new Set<WebSocket>();
  private readonly waiting = new Set<() => void>();
  private sessions = 0;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));
  private readonly upgrades = new WebSocketServer({ noServer: true });

  static async start(): Promise<ScriptedGateway> {
    const gateway = new ScriptedGateway();
    gateway.server.on('upgrade', (request, socket, head) => {
      if (gateway.refuseUpgrades !== undefined) {
        socket.end(`HTTP/1.1 ${gateway.refuseUpgrades} Refused\r\nConnection: close\r\n\r\n`);
        return;
      }
      gateway.upgrades.handleUpgrade(request, socket, head, (webSocket) => gateway.serve(webSocket));
    });
    await gateway.listen(0);
    return gateway;
  }

  private port = 0;

  private async listen(port: number): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  plan(text: string, plan: Plan): void {
    this.plans.set(text, plan);
  }

  /** Decides what was held. */
  decide(text: string): void {
    for (const command of this.commands) {
      if (command.text !== text || command.status !== 'pending') continue;
      command.status = command.plan.outcome;
      for (const socket of this.sockets) this.send(socket, this.decidedFrame(command, this.mintOnce(command)));
    }
    this.changed();
  }

  /** Breaks all connections, as a restart would. */
  dropAll(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  /** Resolves once the condition holds; looked at after each frame and request. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  async close(): Promise<void> {
    this.dropAll();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private changed(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const wake of waiting) wake();
  }

  private takeFault(at: Fault['at']): Fault['what'] | undefined {
    const index = this.faults.findIndex((fault) => fault.at === at);
    return index < 0 ? undefined : this.faults.splice(index, 1)[0]?.what;
  }

  private serve(socket: WebSocket): void {
    this.sockets.add(socket);
    const state: { sessionId: string } = { sessionId: '' };
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.changed();
    });
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      this.frames.push(frame);
      const shape = AGENT_FRAMES[frame.type as AgentFrameType];
      const checked = shape?.safeParse(frame);
      if (!checked?.success) this.violations.push(`${frame.type}: ${checked?.error.message ?? 'unknown type'}`);
      const fault = this.takeFault(frame.type as AgentFrameType);
      if (fault === 'drop') socket.terminate();
      else if (typeof fault === 'object') this.send(socket, errorFrame(frame, fault.error));
      else if (fault !== 'ignore') this.act(fault === 'drop-after' ? undefined : socket, frame, state);
      if (fault === 'drop-after') socket.terminate();
      this.changed();
    });
  }

  private act(socket: WebSocket | undefined, frame: Frame, state: { sessionId: string }): void {
    const reply = this.replyTo(frame, state);
    if (reply) this.send(socket, reply);
    if (reply?.code === 'UNAUTHENTICATED') socket?.close(4401);
  }

  private replyTo(frame: Frame, state: { sessionId: string }): Frame | undefined {
    const command = this.commands.find((known) => known.id === frame.command_id);
    switch (frame.type) {
      case 'hello':
        return this.welcome(frame, state);
      case 'command.submit': {
        const { command: made, fresh } = this.open(frame, state.sessionId);
        return made.status === 'pending'
          ? pendingFrame(made)
          : this.decidedFrame(made, fresh ? this.mintOnce(made) : undefined);
      }
      case 'command.status':
        if (!command) return errorFrame(frame, 'NOT_FOUND');
        return command.status === 'pending' ? pendingFrame(command) : this.decidedFrame(command, undefined);
      case 'command.start': {
        const receipt = command && this.mintOnce(command);
        if (!command || receipt === undefined) return errorFrame(frame, 'ALREADY_STARTED');
        return { type: 'command.started', command_id: command.id, receipt };
      }
      case 'command.cancel':
        if (command) this.cancel(command);
        return command && this.decidedFrame(command, undefined);
      case 'ping':
        return { type: 'pong' };
      default:
        return undefined;
    }
  }

  private welcome(frame: Frame, state: { sessionId: string }): Frame {
    if (frame.token !== this.token) return errorFrame(frame, 'UNAUTHENTICATED');
    state.sessionId = typeof frame.session_id === 'string' ? frame.session_id : typeId('ses', ++this.sessions);
    return {
      type: 'welcome',
      protocol: 1,
      server_version: 'scripted',
      session_id: state.sessionId,
      org: typeId('org', 1),
      agent: typeId('agt', 1),
      limits: LIMITS,
      receipt_keys: this.mint.jwks,
    };
  }

  private open(body: Record<string, unknown>, sessionId: string | null): { command: ScriptedCommand; fresh: boolean } {
    const known = this.byKey.get(String(body.idempotency_key));
    if (known) return { command: known, fresh: false };
    const text =
      typeof body.command === 'string' ? body.command : JSON.stringify({ tool: body.tool, arguments: body.arguments });
    const plan = this.plans.get(text) ?? { outcome: 'allowed', source: 'rule' };
    const command: ScriptedCommand = {
      id: typeId('cmd', this.commands.length + 1),
      ref: String(body.ref),
      text,
      shell: (body.shell as ScriptedCommand['shell']) ?? 'bash',
      cwd: (body.cwd as string | undefined) ?? null,
      target: (body.target as string | undefined) ?? null,
      sessionId,
      plan,
      status: plan.held ? 'pending' : plan.outcome,
      minted: false,
      result: undefined,
      cancelled: false,
    };
    this.commands.push(command);
    this.byKey.set(String(body.idempotency_key), command);
    return { command, fresh: true };
  }

  private cancel(command: ScriptedCommand): void {
    if (command.status !== 'pending') return;
    command.status = 'denied';
    command.cancelled = true;
  }

  private mintOnce(command: ScriptedCommand): string | undefined {
    if (command.minted || command.status !== 'allowed') return undefined;
    command.minted = true;
    const seconds = Math.floor(Date.now() / 1_000);
    const claims = {
      sub: command.id,
      org: typeId('org', 1),
      agent: typeId('agt', 1),
      session_id: command.sessionId,
      target: command.target,
      shell: command.shell,
      cwd: command.cwd,
      sha256: createHash('sha256')
        .update(command.plan.edited ?? command.text)
        .digest('hex'),
      outcome: 'allowed' as const,
      iat: seconds,
      exp: seconds + 60,
      jti: typeId('rct', this.commands.indexOf(command) + 1),
    };
    return command.plan.receipt ? command.plan.receipt(claims) : this.mint.sign(claims);
  }

  private decidedFrame(command: ScriptedCommand, receipt: string | undefined): Frame {
    const decision = decisionOf(command, receipt);
    return { ...decision, type: 'command.decided', ref: command.ref, command_id: command.id };
  }

  private send(socket: WebSocket | undefined, frame: Frame): void {
    const checked = SERVER_FRAMES[frame.type as keyof typeof SERVER_FRAMES].safeParse(frame);
    if (!checked.success) this.violations.push(`sent ${frame.type}: ${checked.error.message}`);
    socket?.send(JSON.stringify(frame));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : {};
    const path = (request.url ?? '').split('?')[0] ?? '';
    this.requests.push(`${request.method} ${path}`);
    const fault = this.takeFault(faultName(request.method ?? '', path));
    if (fault === 'drop') request.socket.destroy();
    else if (typeof fault === 'object') problem(response, fault.error);
    else await this.route(request, response, path, body);
    this.changed();
  }

  private async route(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: Record<string, unknown>,
  ): Promise<void> {
    const [, id, action] = /^\/api\/v1\/commands\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const command = this.commands.find((known) => known.id === id);
    if (path === '/api/v1/receipt-keys') json(response, 200, this.mint.jwks);
    else if (request.headers.authorization !== `Bearer ${this.token}`) problem(response, 'UNAUTHENTICATED');
    else if (path === '/api/v1/commands') this.submitted(response, body);
    else if (!command) problem(response, 'NOT_FOUND');
    else await this.routeCommand(response, command, action, body);
  }

  private submitted(response: ServerResponse, body: Record<string, unknown>): void {
    const { command, fresh } = this.open(body, (body.session_id as string | undefined) ?? null);
    const receipt = fresh ? this.mintOnce(command) : undefined;
    json(response, command.status === 'pending' ? 202 : 200, restCommandOf(command, receipt));
  }

  private async routeCommand(
    response: ServerResponse,
    command: ScriptedCommand,
    action: string | undefined,
    body: Record<string, unknown>,
  ): Promise<void> {
    let receipt: string | undefined;
    let refused: ErrorCode | undefined;
    if (action === undefined) {
      this.changed();
      await this.until(() => command.status !== 'pending' || response.destroyed);
    } else if (action === 'start') {
      receipt = this.mintOnce(command);
      if (receipt === undefined) refused = 'ALREADY_STARTED';
    } else if (action === 'cancel') {
      if (command.status !== 'pending') refused = 'ALREADY_CLOSED';
      this.cancel(command);
    } else {
      if (command.result !== undefined) refused = 'ALREADY_CLOSED';
      command.result ??= body;
    }
    if (refused) problem(response, refused);
    else json(response, 200, restCommandOf(command, receipt));
  }
}

const LIMITS = {
  max_frame_bytes: 1_048_576,
  max_command_length: 200_000,
  submissions_per_second: 2_000,
  submission_burst: 4_000,
  pending: 50,
};

function faultName(method: string, path: string): Fault['at'] {
  if (path.endsWith('/start')) return 'POST /start';
  if (path.endsWith('/result')) return 'POST /result';
  return method === 'GET' ? 'GET /command' : 'POST /commands';
}

function pendingFrame(command: ScriptedCommand): Frame {
  return {
    type: 'command.pending',
    ref: command.ref,
    command_id: command.id,
    approval_id: typeId('apr', 1),
    deadline_at: LATER,
    review_url: 'http://127.0.0.1/app',
    requirement: structuredClone(REQUIREMENT),
    risk: { ...RISK, reasons: [] },
  };
}

function errorFrame(frame: Frame, code: ErrorCode): Frame {
  const { title, retryable } = ERROR_CATALOGUE[code];
  const about = frame.type === 'command.submit' ? { ref: frame.ref } : { command_id: frame.command_id };
  return { type: 'error', ...(frame.type === 'hello' ? {} : about), code, message: title, retryable };
}

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
}

function problem(response: ServerResponse, code: ErrorCode): void {
  const { status, title, retryable } = ERROR_CATALOGUE[code];
  json(
    response,
    status,
    { type: `urn:expacti:error:${code}`, title, status, code, retryable },
    'application/problem+json',
  );
}
