import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Shell } from '../wire/types.js';
import { invocationOf } from './invocation.js';
import { OutputCollector, type OutputEvent } from './output-collector.js';

export interface ExecutionRequest {
  command: string;
  shell: Shell;
  /** Absolute. */
  cwd: string;
  environment: Record<string, string>;
  /** `ignore` (default): nothing to read. `inherit`: this process's own, which nobody reviews. */
  stdin?: 'ignore' | 'inherit';
  /** Bytes of output to keep for the result; all of it goes to `onOutput`. */
  maxOutputBytes: number;
  onOutput?: ((event: OutputEvent) => void) | undefined;
  /** Ends the command and everything it started: SIGTERM, then SIGKILL after `killGraceMs`. */
  signal?: AbortSignal | undefined;
  killGraceMs: number;
}

export interface ExecutionResult {
  /** Null when a signal ended it. As in shells, 127: no such program; 126: it cannot be started. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Both streams in the order in which they came. */
  output: string;
  /** More was written than was kept. */
  truncated: boolean;
  outputBytes: number;
  durationMs: number;
}

/** Starts an approved command and waits until it has ended and its output is read. */
export async function execute(request: ExecutionRequest): Promise<ExecutionResult> {
  const { program, parameters } = invocationOf(request.command, request.shell);
  const collector = new OutputCollector(request.maxOutputBytes);
  const startedAt = performance.now();
  const inherits = request.stdin === 'inherit';
  const child = spawn(program, parameters, {
    cwd: request.cwd,
    env: request.environment,
    shell: false,
    stdio: [inherits ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    // A group of its own can be ended as a whole. With our terminal as its input it must stay in the foreground group.
    detached: !inherits,
  });
  const emit = (stream: OutputEvent['stream'], data: Buffer): void => {
    collector.add({ stream, data });
    request.onOutput?.({ stream, data });
  };
  const stopListening = endOnAbort(child, request, !inherits);
  try {
    const { exitCode, signal } = await ending(child, emit, program);
    return {
      exitCode,
      signal,
      stdout: collector.text('stdout'),
      stderr: collector.text('stderr'),
      output: collector.text(),
      truncated: collector.truncated,
      outputBytes: collector.bytes,
      durationMs: Math.round(performance.now() - startedAt),
    };
  } finally {
    stopListening();
  }
}

type Ending = Pick<ExecutionResult, 'exitCode' | 'signal'>;

function ending(
  child: ChildProcess,
  emit: (stream: OutputEvent['stream'], data: Buffer) => void,
  program: string,
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const guarded =
      (stream: OutputEvent['stream']) =>
      (data: Buffer): void => {
        try {
          emit(stream, data);
        } catch (error) {
          // The caller's own listener failed: end the command, keep reading, and say so.
          child.kill('SIGTERM');
          reject(error);
        }
      };
    child.stdout?.on('data', guarded('stdout'));
    child.stderr?.on('data', guarded('stderr'));
    child.once('error', (error: NodeJS.ErrnoException) => {
      // Not started at all. `close` does not always follow.
      const missing = error.code === 'ENOENT';
      const reason = missing ? 'command or working directory not found' : error.message;
      guarded('stderr')(Buffer.from(`expacti: ${program}: ${reason}\n`));
      resolve({ exitCode: missing ? 127 : 126, signal: null });
    });
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** @returns Stops listening to the signal. */
function endOnAbort(child: ChildProcess, request: ExecutionRequest, ownGroup: boolean): () => void {
  const { signal, killGraceMs } = request;
  if (!signal) return () => undefined;
  let grace: NodeJS.Timeout | undefined;
  const kill = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(ownGroup ? -child.pid : child.pid, name);
    } catch {
      // Ended already.
    }
  };
  const onAbort = (): void => {
    kill('SIGTERM');
    grace = setTimeout(() => kill('SIGKILL'), killGraceMs);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    clearTimeout(grace);
    signal.removeEventListener('abort', onAbort);
  };
}

/** What a shell would say in `$?`: the exit code, or 128 plus the signal's number. */
export function exitStatus(result: Pick<ExecutionResult, 'exitCode' | 'signal'>): number {
  if (result.exitCode !== null) return result.exitCode;
  return 128 + (result.signal ? constants.signals[result.signal] : 0);
}
