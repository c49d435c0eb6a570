import type { Approval } from '../api/types.js';

/** What to search the history for: the program and its first plain word; null where nothing is literal. */
export function similarQuery(approval: Approval): string | null {
  if (approval.encrypted || approval.kind !== 'command') return null;
  const argv = approval.analysis.commands[0]?.argv;
  const program = argv?.[0];
  if (!program) return null;
  const word = argv?.[1];
  return word !== undefined && /^[a-z][a-z0-9-]*$/.test(word) ? `${program} ${word}` : program;
}
