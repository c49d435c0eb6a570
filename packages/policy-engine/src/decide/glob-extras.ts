import { type Assignment, isDangerousAssignment, type Redirection, type SimpleCommand } from '@expacti/shell';
import type { AssignmentPattern, CommandPattern, RedirectionPattern } from '../pattern/command-pattern.js';
import { resolvedSegments } from '../pattern/path-pattern.js';
import { escapesFolder, matchesWord, type WordPattern } from '../pattern/word-pattern.js';

const NO_ALLOWANCE = { redirections: [], assignments: [] };

/** Redirections that need a permission of their own. */
export function fileRedirections(command: SimpleCommand): readonly Redirection[] {
  const { redirections } = command;
  return redirections.length === 0 ? redirections : redirections.filter((redirection) => redirection.touchesFile);
}

/** Has the glob redirections or assignments beside its words? */
export function hasExtras(glob: CommandPattern): boolean {
  return glob.redirections.length + glob.assignments.length > 0;
}

/** What of a command's redirections and assignments a glob spells; null where the command lacks something it spells. */
export function spelledExtras(
  glob: CommandPattern,
  command: SimpleCommand,
): { redirections: readonly Redirection[]; assignments: readonly Assignment[] } | null {
  if (!hasExtras(glob)) return NO_ALLOWANCE;
  const redirections = fileRedirections(command).filter((redirection) =>
    glob.redirections.some((pattern) => allowsRedirection(pattern, redirection)),
  );
  const assignments = command.assignments.filter((assignment) =>
    glob.assignments.some((pattern) => allowsAssignment(pattern, assignment)),
  );
  const complete =
    glob.redirections.every((pattern) => redirections.some((found) => allowsRedirection(pattern, found))) &&
    glob.assignments.every((pattern) => assignments.some((found) => allowsAssignment(pattern, found)));
  return complete ? { redirections, assignments } : null;
}

function allowsRedirection(pattern: RedirectionPattern, redirection: Redirection): boolean {
  const target = redirection.target?.literal ?? null;
  return target !== null && pattern.operator === redirection.operator && allowsText(pattern.target, target);
}

function allowsAssignment(pattern: AssignmentPattern, assignment: Assignment): boolean {
  const value = assignedValue(assignment);
  if (value === null || pattern.name !== assignment.name) return false;
  return coversValue(assignment, pattern.value.kind !== 'literal') && allowsText(pattern.value, value);
}

/** The value of a variable that changes what programs do or load is never covered by a wildcard. */
export function coversValue(assignment: Assignment, byWildcard: boolean): boolean {
  return !byWildcard || !isDangerousAssignment(assignment.name);
}

/** The literal value of `NAME=value`; null where it is not literal, or where the form is `NAME+=` or `NAME[…]=`. */
export function assignedValue(assignment: Assignment): string | null {
  if (!assignment.text.startsWith(`${assignment.name}=`)) return null;
  return assignment.value === null ? '' : assignment.value.literal;
}

/** Like `matchesWord`, for paths: a wildcard does not climb out of the folder that the pattern names. */
export function allowsText(pattern: WordPattern, text: string): boolean {
  if (pattern.kind === 'partial' && escapesFolder(pattern, text)) return false;
  return matchesWord(pattern, text);
}

const WRITING = ['>', '>>', '>|', '&>', '&>>', '<>', '>&'];

/**
 * Do the redirections and assignments that a deny or review glob spells stand on the command? Any operator that writes
 * counts for any other; a file that is not literal counts as covered by a wildcard.
 */
export function restrictsExtras(glob: CommandPattern, command: SimpleCommand): boolean {
  return (
    glob.redirections.every((pattern) =>
      command.redirections.some(
        (found) =>
          equivalentOperators(found.operator).includes(pattern.operator) &&
          restrictsText(pattern.target, found.target?.literal ?? null),
      ),
    ) &&
    glob.assignments.every((pattern) =>
      command.assignments.some(
        (found) => pattern.name === found.name && restrictsText(pattern.value, assignedValue(found)),
      ),
    )
  );
}

/** The operators under which a deny or review rule for this redirection may be filed. */
export function equivalentOperators(operator: string): readonly string[] {
  if (operator === '<') return ['<'];
  return operator === '<>' ? [...WRITING, '<'] : WRITING;
}

function restrictsText(pattern: WordPattern, text: string | null): boolean {
  if (text === null) return pattern.kind === 'any';
  return (
    matchesWord(pattern, text) || (text.startsWith('/') && matchesWord(pattern, `/${resolvedSegments(text).join('/')}`))
  );
}
