import { tellFailure } from './failure.js';
import { readCommandLine } from './program.js';

/**
 * The whole program.
 * @param argv Without the program's own name.
 * @returns The exit code.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // Whoever reads our output may stop reading (`expacti pending | head`): that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const outcome = await readCommandLine(argv);
  if (typeof outcome === 'number') return outcome;
  try {
    return await outcome.action(outcome.context);
  } catch (error) {
    return tellFailure(outcome.context, error);
  }
}
