import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DEFAULT_BACKOFF, DEFAULT_MAX_OUTPUT_BYTES, DEFAULT_URL, type ExpactiClientOptions } from './client-options.js';
import { AgentSocket } from './connection/agent-socket.js';
import { readEndpoint } from './connection/endpoint.js';
import { type RestApi, restApi, unwrapOnce } from './connection/rest-api.js';
import { ExpactiConflict, ExpactiError, ExpactiInvalid, ExpactiReceiptError, errorOfDenial } from './errors.js';
import { cleanEnvironment } from './execution/environment.js';
import { type ExecutionResult, execute } from './execution/execute.js';
import type { OutputEvent } from './execution/output-collector.js';
import { ReceiptKeys } from './receipt/receipt-keys.js';
import { UsedReceipts } from './receipt/used-receipts.js';
import { requireFresh, type VerificationTime } from './receipt/verify-receipt.js';
import { type RunEvent, streamRun } from './run-stream.js';
import { type ApprovedCommand, verifyApproval } from './submission/approved-command.js';
import type { Job, SubmissionObserver } from './submission/job.js';
import { reportResult } from './submission/report-result.js';
import { Settler } from './submission/settler.js';
import { withdraw } from './submission/withdraw.js';
import { VERSION } from './version.js';
import type { Command, JsonValue, Shell, Submission } from './wire/types.js';

export interface SubmitOptions extends SubmissionObserver {
  /** Withdraws the request. */
  signal?: AbortSignal;
  /** Why, for the reviewer. */
  reason?: string;
  /** Task, transcript, tool: free JSON for the reviewer. */
  context?: Record<string, JsonValue>;
  target?: string;
  /** The same key is the same request, also from another process. Default: a new one for each call. */
  idempotencyKey?: string;
}

export interface CommandOptions extends SubmitOptions {
  /** Default: the server's, `bash`. */
  shell?: Shell;
  cwd?: string;
}

export interface RunOptions extends CommandOptions {
  /** Awaited before the command starts. */
  onApproved?: (approved: ApprovedCommand) => void | Promise<void>;
  onOutput?: (event: OutputEvent) => void;
  /** `inherit` hands on this process's input, which nobody reviews. Default `ignore`. */
  stdin?: 'ignore' | 'inherit';
}

export interface RunResult extends ExecutionResult {
  approved: ApprovedCommand;
  /** Whether the server has recorded how it ended. */
  reported: boolean;
}

/** An agent's connection: asks for commands, waits for decisions, runs exactly what was approved. */
export class ExpactiClient {
  private readonly options: ExpactiClientOptions;
  private readonly socket: AgentSocket;
  private readonly api: RestApi;
  private readonly settler: Settler;
  private readonly keys: ReceiptKeys;
  private readonly used = new UsedReceipts();
  private readonly environment: Record<string, string>;
  private readonly verified = new WeakSet<ApprovedCommand>();
  private readonly unfinished = new Set<Promise<unknown>>();
  private readonly closing = new AbortController();

  /** @throws ExpactiInvalid when an option cannot be used. */
  constructor(options: ExpactiClientOptions = {}) {
    this.options = options;
    const allowInsecure = options.allowInsecure ?? process.env.EXPACTI_ALLOW_INSECURE === '1';
    const endpoint = readEndpoint(options.url ?? (process.env.EXPACTI_URL || DEFAULT_URL), allowInsecure);
    const token = options.token ?? process.env.EXPACTI_SHELL_TOKEN ?? '';
    if (token === '') throw new ExpactiInvalid('Give a token, or set EXPACTI_SHELL_TOKEN.', 'TOKEN_MISSING');
    const client = options.client ?? { name: '@expacti/sdk', version: VERSION };
    const { id: sessionId, ...session } = options.session ?? {};
    this.environment = cleanEnvironment(options.environment ?? {}, process.env);
    this.keys = new ReceiptKeys(options.receiptKeys);
    this.api = restApi({ url: endpoint.http, token: () => token, userAgent: `${client.name}/${client.version}` });
    this.socket = new AgentSocket({
      url: endpoint.agentSocket,
      token,
      client,
      session,
      sessionId,
      connectTimeoutMs: 10_000,
      heartbeatMs: 20_000,
    });
    this.settler = new Settler(this.socket, this.api, {
      transport: options.transport ?? 'auto',
      backoff: options.backoff ?? DEFAULT_BACKOFF,
      unavailableAfterMs: options.unavailableAfterMs ?? 60_000,
      now: () => performance.now(),
      random: Math.random,
    });
  }

  /**
   * Asks for a command (or, given an object, for a tool call or a file transfer) and waits for the decision.
   * @returns The approval, its receipt verified.
   * @throws ExpactiDenied, ExpactiTimeout, ExpactiCancelled; ExpactiReceiptError; ExpactiUnavailable; ExpactiInvalid;
   * ExpactiUnauthorized; the signal's reason when it is aborted, which withdraws the request.
   */
  submit(request: string | Submission, options: CommandOptions = {}): Promise<ApprovedCommand> {
    const closing = this.closing.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
    return this.untilFinished(this.submitUntil(request, options, signal));
  }

  /**
   * Submits, runs exactly the approved bytes in the approved directory with the approved shell, and reports the result. A
   * command that fails is a result, not an error.
   * @throws as `submit`; the signal's reason when the run is aborted.
   */
  async run(command: string, options: RunOptions = {}): Promise<RunResult> {
    const cwd = resolvePath(options.cwd ?? process.cwd());
    await requireFolder(cwd);
    const approved = await this.submit(command, { ...options, cwd, shell: options.shell ?? 'bash' });
    await options.onApproved?.(approved);
    const result = await this.execute(approved, options);
    options.signal?.throwIfAborted();
    return result;
  }

  /** As `run`, as a sequence of events: `for await (const event of client.stream('make'))`. Leaving the loop aborts. */
  stream(command: string, options: RunOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    return streamRun((observed) => this.run(command, observed), options);
  }

  /**
   * Runs a command that `submit` approved: once, and only while its receipt is in force.
   * @throws ExpactiReceiptError when it was run before or has expired.
   */
  async execute(
    approved: ApprovedCommand,
    options: Pick<RunOptions, 'onOutput' | 'signal' | 'stdin'> = {},
  ): Promise<RunResult> {
    const { cwd } = approved;
    if (cwd === null) throw new ExpactiInvalid('Submit with a cwd to run a command.', 'CWD_MISSING');
    options.signal?.throwIfAborted();
    this.spend(approved);
    const result = await execute({
      command: approved.command,
      shell: approved.shell,
      cwd,
      environment: this.environment,
      stdin: options.stdin ?? 'ignore',
      maxOutputBytes: this.options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
      onOutput: options.onOutput,
      signal: options.signal,
      killGraceMs: this.options.killGraceMs ?? 2_000,
    });
    return { ...result, approved, reported: await this.report(approved, result) };
  }

  /**
   * Asks before a function of yours runs, and enters it only with the approved arguments.
   * @throws as `submit`, without the function having been entered.
   */
  async callTool<T>(
    tool: string,
    toolArguments: Record<string, JsonValue>,
    body: (approvedArguments: Record<string, JsonValue>) => T | Promise<T>,
    options: SubmitOptions = {},
  ): Promise<T> {
    const approved = await this.submit({ kind: 'tool_call', tool, arguments: toolArguments }, options);
    const text = JSON.parse(approved.command) as { tool: string; arguments: Record<string, JsonValue> };
    if (text.tool !== tool) {
      throw new ExpactiReceiptError(`Another tool was approved: ${JSON.stringify(text.tool)}.`, 'RECEIPT_MISMATCH');
    }
    this.spend(approved);
    const startedAt = performance.now();
    let exitCode = 1;
    try {
      const result = await body(text.arguments);
      exitCode = 0;
      return result;
    } finally {
      const durationMs = Math.round(performance.now() - startedAt);
      await this.report(approved, { exitCode, signal: null, durationMs, outputBytes: null });
    }
  }

  /** Withdraws a pending command. @throws ExpactiConflict when it is decided already. */
  cancel(commandId: string): Promise<Command> {
    return unwrapOnce<Command>(
      this.api.POST('/api/v1/commands/{id}/cancel', { params: { path: { id: commandId } }, body: {} }),
    );
  }

  /** The state of one of this agent's commands; never a receipt. */
  command(commandId: string): Promise<Command> {
    return unwrapOnce<Command>(this.api.GET('/api/v1/commands/{id}', { params: { path: { id: commandId } } }));
  }

  /** The session of this client, once it has connected. */
  get sessionId(): string | undefined {
    return this.socket.session;
  }

  /** Ends the session and the connection, for good. Requests that are still waited for are withdrawn and fail. */
  async close(): Promise<void> {
    this.closing.abort(new ExpactiError('The client was closed.', 'CLOSED'));
    while (this.unfinished.size > 0) await Promise.allSettled(this.unfinished);
    await this.socket.close({ endSession: this.options.session?.id === undefined });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async submitUntil(
    request: string | Submission,
    options: CommandOptions,
    signal: AbortSignal,
  ): Promise<ApprovedCommand> {
    signal.throwIfAborted();
    const job = this.jobFor(request, options, signal);
    try {
      const settled = await untilAborted(this.settler.settle(job), signal);
      if (this.socket.welcome) this.keys.add(this.socket.welcome.receipt_keys);
      if (settled.decision.outcome !== 'allowed') throw errorOfDenial(settled.commandId, settled.decision);
      const approved = await verifyApproval(job, settled, this.keys, this.api, this.time());
      this.verified.add(approved);
      return approved;
    } catch (error) {
      if (signal.aborted) void this.untilFinished(withdraw(this.socket, this.api, job));
      if (error instanceof ExpactiConflict && error.code === 'ALREADY_STARTED') throw receiptLost(error);
      throw error;
    }
  }

  private jobFor(request: string | Submission, options: CommandOptions, signal: AbortSignal): Job {
    const { reason, context, target, idempotencyKey, onPending, onUpdate, shell, cwd } = options;
    const given = typeof request === 'string' ? { kind: 'command' as const, command: request } : request;
    const { ref: _ref, wait_seconds: _wait, session_id: _session, idempotency_key: key, ...body } = given;
    const more = { reason, context, target, shell, cwd };
    const fields = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
    return {
      ref: randomUUID(),
      idempotencyKey: idempotencyKey ?? key ?? randomUUID(),
      body: { ...body, ...fields } as Submission,
      observer: { ...(onPending && { onPending }), ...(onUpdate && { onUpdate }) },
      signal,
      commandId: undefined,
      sessionIds: new Set(),
      pendingTold: false,
      submitting: undefined,
    };
  }

  /** Only an object that `submit` gave out counts: a copy could carry another command. */
  private spend(approved: ApprovedCommand): void {
    if (!this.verified.has(approved)) {
      throw new ExpactiReceiptError('Pass the very object that submit returned.', 'RECEIPT_MISMATCH');
    }
    const time = this.time();
    requireFresh(approved.claims, time);
    this.used.spend(approved.claims, time.now);
  }

  private time(): VerificationTime {
    return { now: Date.now(), toleranceSeconds: this.options.clockToleranceSeconds ?? 5 };
  }

  private report(approved: ApprovedCommand, result: Parameters<typeof reportResult>[2]): Promise<boolean> {
    return reportResult(this.api, approved.commandId, result, this.options.backoff ?? DEFAULT_BACKOFF);
  }

  /** `close` waits for it. */
  private untilFinished<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.unfinished.add(settled);
    void settled.then(() => this.unfinished.delete(settled));
    return work;
  }
}

/** Found out before anybody is asked. */
async function requireFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ExpactiInvalid(`There is no folder ${JSON.stringify(path)} to run in.`, 'CWD_INVALID');
}

/** Rejects as soon as the signal is aborted; the work's own later outcome is then of no interest. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

const receiptLost = (cause: Error): ExpactiReceiptError =>
  new ExpactiReceiptError(
    'The command was allowed, but its receipt was lost on the way and is given out once only. Submit it again.',
    'RECEIPT_LOST',
    { cause },
  );
