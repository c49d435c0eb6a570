import { type LexedCommand, lexSimpleLine } from '../lexer/simple-line.js';
import { refuseSource } from '../refuse-source.js';
import { treeAgrees } from '../tree/agreement.js';
import { parseTree } from '../tree/parse-tree.js';
import { TreeReader } from '../tree/tree-reader.js';
import { addCommand } from './add-command.js';
import { lexedCommand } from './lexed-command.js';
import { portabilityDoubt } from './portable-subset.js';
import type { Findings, Reading } from './reading.js';

/**
 * Reads one piece of shell code and puts every command that it could run on the reading's list.
 *
 * The strict way first: the independent lexer and the parser's tree must say the same. What does not pass is read from
 * the tree alone, for display, deny rules and risk; that reading is never strict.
 */
export function readCode(reading: Reading): Findings {
  const { source, shell } = reading;
  const refusal = refuseSource(source);
  if (refusal?.unreadable) return { reasons: [refusal.reason], strictReasons: [refusal.reason] };
  reading.collector.spend(source.length);
  const lexed = refusal === null ? lexSimpleLine(source) : null;
  const parsed = parseTree(source);
  if ('failure' in parsed) return { reasons: [parsed.failure], strictReasons: [parsed.failure] };
  const agreed = lexed !== null && treeAgrees(parsed.tree, lexed);
  if (agreed) {
    const doubt = portabilityDoubt(source, shell, lexed);
    if (doubt === null) return addLexed(reading, lexed);
    addLexed(reading, lexed);
    return { reasons: [doubt], strictReasons: [doubt] };
  }
  const findings = new TreeReader(reading).read(parsed.tree);
  if (refusal !== null) findings.reasons.unshift(refusal.reason);
  if (shell === 'zsh' || shell === 'fish')
    findings.reasons.push(`The line is outside what ${shell} and bash read alike.`);
  if (findings.strictReasons.length === 0) {
    findings.strictReasons.push(
      lexed === null ? 'The line is more than plain commands.' : 'Two readings of the line disagree.',
    );
  }
  return findings;
}

function addLexed(reading: Reading, lexed: readonly LexedCommand[]): Findings {
  for (let index = 0; index < lexed.length; index++) {
    const command = lexed[index];
    if (command !== undefined) addCommand(reading, lexedCommand(reading, lexed, command, index), null);
  }
  return { reasons: [], strictReasons: [] };
}
