import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CliContext } from './context.js';
import { EXIT } from './exit-codes.js';
import { CliFailure } from './failure.js';

/** Asks the person at the terminal. @throws CliFailure when nobody is there. */
export async function ask(context: CliContext, question: string, option: string): Promise<string> {
  requirePerson(context, option);
  const reader = createInterface({ input: context.input, output: context.error, terminal: true });
  try {
    return (await reader.question(question)).trim();
  } finally {
    reader.close();
  }
}

/** The same without showing what is typed. */
export async function askSecret(context: CliContext, question: string, option: string): Promise<string> {
  requirePerson(context, option);
  context.error.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: context.input, output: silent, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    context.error.write('\n');
  }
}

/** Anything but a clear yes is no. */
export const confirm = async (context: CliContext, question: string): Promise<boolean> =>
  /^y(es)?$/i.test(await ask(context, `${question} [y/N] `, '--yes'));

/** The first line of standard input: for secrets, which would be seen by everybody on a command line. */
export async function readInputLine(context: CliContext): Promise<string> {
  let text = '';
  for await (const chunk of context.input) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0]?.replace(/\r$/, '') ?? '';
}

function requirePerson(context: CliContext, option: string): void {
  if (!context.interactive) throw new CliFailure(`There is nobody to ask here; give ${option}.`, EXIT.usage, 'USAGE');
}
