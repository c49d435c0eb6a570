import type { RunResult } from '../client.js';
import { ExpactiCancelled, type ExpactiDenied, ExpactiTimeout } from '../errors.js';
import { exitStatus } from '../execution/execute.js';

/**
 * Shortens long output for a language model: the beginning and the end, and how much is missing between.
 * @param limit UTF-16 units to keep.
 */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, Math.ceil(limit / 2)).toWellFormed();
  const tail = text.slice(text.length - Math.floor(limit / 2)).toWellFormed();
  return `${head}\n[… ${text.length - limit} characters left out …]\n${tail}`;
}

/** What the model reads about a command that ran. It is told when the reviewer changed the command. */
export function resultText(result: RunResult, limit: number): string {
  const { approved, exitCode, signal } = result;
  const edited = approved.edited ? `[The reviewer changed the command; what ran is: ${approved.command}]\n` : '';
  const output = shorten(result.output, limit);
  const cut = result.truncated ? '\n[the rest of the output was not kept]' : '';
  if (exitCode === 0) return `${edited}${output}${cut}`;
  const ending = signal ? `ended by ${signal}` : `exit code ${exitStatus(result)}`;
  return `${edited}${output}${cut}${output === '' || output.endsWith('\n') ? '' : '\n'}[${ending}]`;
}

/** What the model reads about a command that was refused: who said no and why, so that it can do better. */
export function refusalText(error: ExpactiDenied): string {
  if (error instanceof ExpactiTimeout) {
    return 'Not run: nobody answered before the deadline. This is not a refusal; ask again later, or do without.';
  }
  if (error instanceof ExpactiCancelled) return 'Not run: the request was withdrawn.';
  return `Not run. ${error.message} Do not try the same thing in another way.`;
}
