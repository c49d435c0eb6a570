import type { Analysis, SimpleCommand } from '@expacti/shell';
import { SCRIPT_RUNNERS } from '../data/script-runners.js';
import { isSystemProgram, unversionedName } from '../guard/program-name.js';

/**
 * Why a line can do something else tomorrow though its text stays the same (words that are not literal, a file run by its
 * path), as a clause such as "it runs a script file"; null when it cannot. Whether exact rules may be made for such lines
 * is the org's choice.
 */
export function whatCanChange(analysis: Analysis): string | null {
  for (const command of analysis.commands) {
    const reason = changeIn(command);
    if (reason !== null) return reason;
  }
  return analysis.commands.length === 0 ? 'it names no command' : null;
}

function changeIn(command: SimpleCommand): string | null {
  if (command.opaque) return 'what it runs is not known before it runs';
  if (!isLiteral(command)) return 'some of its words are not literal';
  const program = command.words[0]?.literal ?? '';
  if (program.includes('/') && !isSystemProgram(program)) return `it runs the file ${program}`;
  return runsScript(command) ? 'it runs a script file' : null;
}

function isLiteral({ argv, redirections, assignments }: SimpleCommand): boolean {
  return (
    argv !== null &&
    redirections.every(({ operator, target }) =>
      target === null ? operator.startsWith('<<') : target.literal !== null,
    ) &&
    assignments.every(({ value }) => value === null || value.literal !== null)
  );
}

/** `bash deploy.sh`, `python3 job.py`, `. ./env`: the first word that is no option is a file that is run. */
function runsScript({ argv }: SimpleCommand): boolean {
  const [program, ...rest] = argv ?? [];
  if (program === undefined || !SCRIPT_RUNNERS.has(unversionedName(program))) return false;
  const first = rest.findIndex((word) => !word.startsWith('-'));
  return first >= 0 && !rest.slice(0, first).some((option) => /^-[a-zA-Z]*[cem]$/.test(option));
}
