import { type ExpactiClient, exitStatus, type RunOptions, type RunResult } from '@expacti/sdk';
import { type CliContext, note, say } from '../context.js';
import { WaitingLine } from '../display/waiting-line.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { connectAgent } from '../settings/connect.js';
import { commandLineOf } from './command-line.js';
import { onInterrupt } from './interrupt.js';

export interface RunFlags {
  reason?: string;
  context?: string;
  cwd?: string;
  shell?: string;
  target?: string;
  session?: string;
  stdin?: boolean;
}

/** `expacti run -- CMD`: asks, waits, runs here, and ends as the command ended. */
export async function runCommand(context: CliContext, words: string[], flags: RunFlags): Promise<number> {
  const line = await commandLineOf(words);
  const client = await connectAgent(context, {
    maxOutputBytes: 0,
    session: { ...(flags.session ? { name: flags.session } : {}) },
  });
  try {
    return await runLine(context, client, line, runOptions(flags));
  } finally {
    await client.close();
  }
}

/** Runs one line with progress; used by `shell` too. */
export async function runLine(
  context: CliContext,
  client: ExpactiClient,
  line: string,
  options: RunOptions,
): Promise<number> {
  const interrupt = onInterrupt();
  const progress = context.json ? jsonProgress(context) : peopleProgress(context);
  try {
    const result = await client.run(line, { ...options, ...progress.observer, signal: interrupt.signal });
    progress.finish(result);
    return exitStatus(result);
  } finally {
    progress.stop();
    interrupt.stop();
  }
}

interface Progress {
  observer: Pick<RunOptions, 'onPending' | 'onUpdate' | 'onApproved' | 'onOutput'>;
  finish: (result: RunResult) => void;
  stop: () => void;
}

function peopleProgress(context: CliContext): Progress {
  const waiting = new WaitingLine(context);
  return {
    observer: {
      onPending: (notice) => void waiting.pending(notice),
      onUpdate: (notice) => void waiting.updated(notice),
      onApproved: async (approved) => {
        waiting.done();
        const remark = approved.source === 'reviewer' ? approved.reason : null;
        if (remark === null && !approved.edited) return;
        const [{ escapeText }, { prose }] = await Promise.all([
          import('@expacti/shell'),
          import('../display/prose.js'),
        ]);
        if (remark !== null) note(context, `Reviewer: ${prose(remark)}`);
        if (approved.edited)
          note(context, `The reviewer changed the command; this runs:\n${escapeText(approved.command)}`);
      },
      onOutput: ({ stream, data }) => void (stream === 'stdout' ? context.output : context.error).write(data),
    },
    finish: (result) => {
      if (!result.reported) note(context, 'expacti: the server could not be told how the command ended.');
    },
    stop: () => waiting.done(),
  };
}

function jsonProgress(context: CliContext): Progress {
  const event = (type: string, data: object): void => say(context, JSON.stringify({ type, ...data }));
  return {
    observer: {
      onPending: (notice) => event('pending', notice),
      onUpdate: (notice) => event('updated', notice),
      onApproved: ({ claims: _claims, ...approved }) => event('approved', approved),
      onOutput: ({ stream, data }) => event('output', { stream, data: data.toString('utf8') }),
    },
    finish: ({ exitCode, signal, durationMs, outputBytes, reported, approved }) =>
      event('result', { commandId: approved.commandId, exitCode, signal, durationMs, outputBytes, reported }),
    stop: () => undefined,
  };
}

const SHELLS = ['bash', 'sh', 'dash', 'zsh', 'fish'] as const;
type ShellName = (typeof SHELLS)[number];

export function runOptions(flags: RunFlags): RunOptions {
  const { reason, cwd, target, shell, context, stdin } = flags;
  if (shell !== undefined && !SHELLS.includes(shell as ShellName)) {
    throw new CliFailure(`--shell must be one of ${SHELLS.join(', ')}.`, EXIT.usage, 'USAGE');
  }
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(target === undefined ? {} : { target }),
    ...(shell === undefined ? {} : { shell: shell as ShellName }),
    ...(context === undefined ? {} : { context: readContext(context) }),
    ...(stdin ? { stdin: 'inherit' as const } : {}),
  };
}

function readContext(text: string): NonNullable<RunOptions['context']> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as NonNullable<RunOptions['context']>;
  } catch {
    // Told below.
  }
  throw new CliFailure('--context must be a JSON object.', EXIT.usage, 'USAGE');
}
