import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { ExpactiClient } from '@expacti/sdk';
import { escapeText } from '@expacti/shell';
import { type CliContext, note } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { tellFailure } from '../failure.js';
import { connectAgent } from '../settings/connect.js';
import { appendHistory, readHistory } from './history.js';
import { type RunFlags, runLine, runOptions } from './run.js';

/** Reads lines until the end of input or `exit`; each is submitted and runs only when it is allowed. */
export async function shellCommand(context: CliContext, flags: RunFlags): Promise<number> {
  const client = await connectAgent(context, {
    maxOutputBytes: 0,
    session: { name: flags.session ?? 'expacti shell' },
  });
  const reader = createInterface({
    input: context.input,
    output: context.interactive ? context.error : undefined,
    terminal: context.interactive,
    history: context.interactive ? await readHistory(context) : [],
    historySize: 1_000,
  });
  let cwd = resolve(flags.cwd ?? process.cwd());
  let status = 0;
  const prompt = (): void => {
    reader.setPrompt(`${escapeText(cwd)} expacti> `);
    if (context.interactive) reader.prompt();
  };
  // At the prompt, Ctrl-C gives up the line, as in other shells.
  reader.on('SIGINT', () => {
    context.error.write('^C\n');
    reader.write(null, { ctrl: true, name: 'e' });
    reader.write(null, { ctrl: true, name: 'u' });
    prompt();
  });
  try {
    prompt();
    for await (const line of reader) {
      if (line.trim() === 'exit') break;
      if (line.trim() !== '') {
        reader.pause();
        // Only a terminal that is not raw turns Ctrl-C into the signal that withdraws the command.
        if (context.interactive) context.input.setRawMode(false);
        await appendHistory(context, line);
        status = await submitLine(context, client, line, { ...flags, cwd });
        if (status === 0) cwd = await folderAfter(line, cwd);
        if (context.interactive) context.input.setRawMode(true);
        reader.resume();
      }
      prompt();
    }
  } finally {
    reader.close();
    await client.close();
  }
  return status;
}

/** A refusal of one line is not the end of the shell. */
async function submitLine(context: CliContext, client: ExpactiClient, line: string, flags: RunFlags): Promise<number> {
  try {
    return await runLine(context, client, line, runOptions(flags));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      note(context, '\nWithdrawn.');
      return EXIT.interrupted;
    }
    return tellFailure(context, error);
  }
}

const CHANGE_FOLDER = /^\s*cd(?:\s+(?:--\s+)?([A-Za-z0-9_./:=@%+,-]+))?\s*$/;

/**
 * Each line runs in a process of its own, so an allowed `cd` with a plain folder is followed here.
 * @returns The folder for the next line.
 */
export async function folderAfter(line: string, cwd: string): Promise<string> {
  const match = CHANGE_FOLDER.exec(line);
  if (!match || match[1] === '-') return cwd;
  const next = match[1] === undefined ? homedir() : resolve(cwd, match[1]);
  const isFolder = await stat(next).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? next : cwd;
}
