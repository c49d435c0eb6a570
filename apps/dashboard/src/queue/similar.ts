import type { Approval } from '../api/types.js';

/**
 * Two requests are similar when their lines would run the same programs with the same first word, in the same order:
 * `git fetch origin` and `git fetch upstream` are, `git push` is not. Where a program or the line is not literal, only
 * the same text is similar: one approval for many must not rest on a guess.
 */
export function shapeOf(approval: Approval): string {
  const whole = `${approval.kind}\0text\0${approval.command}`;
  if (approval.encrypted || !approval.analysis.parseable || approval.analysis.commands.length === 0) return whole;
  if (approval.kind !== 'command') return whole;
  const shapes: string[] = [];
  for (const { argv, dynamic } of approval.analysis.commands) {
    const program = argv?.[0];
    if (program === undefined || dynamic.length > 0) return whole;
    const word = argv?.slice(1).find((argument) => !argument.startsWith('-'));
    shapes.push(`${program} ${word !== undefined && /^[a-z][a-z-]*$/.test(word) ? word : ''}`);
  }
  return `${approval.kind}\0shape\0${shapes.join('\0')}`;
}

/** Ids of the requests that are like `model`, itself included. */
export function similarTo(model: Approval, approvals: readonly Approval[]): string[] {
  const shape = shapeOf(model);
  return approvals
    .filter((candidate) => candidate.status === 'pending' && shapeOf(candidate) === shape)
    .map((candidate) => candidate.id);
}
