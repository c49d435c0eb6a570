import type { Analysis, Shell, SimpleCommand } from './analysis.js';
import { codepointName, findForbiddenCharacter, isPlainAscii } from './forbidden-characters.js';
import { lexSimpleLine } from './lexer/simple-line.js';
import { MAX_SOURCE_LENGTH } from './limits.js';
import { simpleCommandFromLexed } from './simple-command.js';
import { treeAgrees } from './tree/agreement.js';
import { isNestedTooDeeply, parseTree } from './tree/parse-tree.js';

/**
 * Turns a command line into every simple command it could run, or says that it cannot. Never throws and never hangs.
 *
 * @param source the exact text that would be executed
 * @param shell the shell that would execute it; its grammar is the one judged
 */
export function analyze(source: string, shell: Shell = 'bash'): Analysis {
  const refusal = refuse(source);
  if (refusal !== null) return unparseable(source, shell, refusal);
  const lexed = lexSimpleLine(source);
  if (lexed === null) return unparseable(source, shell, 'The line is outside the understood grammar.');
  const parsed = parseTree(source);
  if ('failure' in parsed) return unparseable(source, shell, parsed.failure);
  if (!treeAgrees(parsed.tree, lexed)) return unparseable(source, shell, 'Two readings of the line disagree.');
  const commands: SimpleCommand[] = lexed.map((command, index) =>
    simpleCommandFromLexed(source, lexed, command, index),
  );
  const strict = commands.length > 0;
  return {
    source,
    shell,
    parseable: true,
    reasons: [],
    strict,
    strictReasons: strict ? [] : ['Nothing would run.'],
    commands,
    tokens: [],
    warnings: [],
  };
}

function refuse(source: string): string | null {
  if (source.length > MAX_SOURCE_LENGTH) return `The line is longer than ${MAX_SOURCE_LENGTH} characters.`;
  if (isNestedTooDeeply(source)) return 'The line is nested too deeply to be read.';
  if (isPlainAscii(source)) return null;
  const found = findForbiddenCharacter(source);
  return found === null ? null : `The line contains the invisible character ${codepointName(found.codepoint)}.`;
}

function unparseable(source: string, shell: Shell, reason: string): Analysis {
  return {
    source,
    shell,
    parseable: false,
    reasons: [reason],
    strict: false,
    strictReasons: [reason],
    commands: [],
    tokens: [],
    warnings: [],
  };
}
