import type { Assignment, Command, CommandNode, ParsedScript, PipelineNode, Redirection, Statement } from 'unbash';
import type { Joiner, LexedCommand, LexedRedirection } from '../lexer/simple-line.js';
import { treeLiteral } from './literal-word.js';

/**
 * Whether the parser's tree says exactly what the independent lexer says: the same commands in the same order, joined
 * alike, each with the same words, assignments and redirections. The tree is walked with an allow-list: any node type
 * not named here is a disagreement.
 */
export function treeAgrees(tree: ParsedScript, lexed: readonly LexedCommand[]): boolean {
  if (tree.errors !== undefined && tree.errors.length > 0) return false;
  const comparison = new Comparison(lexed);
  for (const statement of tree.commands) if (!comparison.statement(statement)) return false;
  return comparison.complete();
}

class Comparison {
  private next = 0;

  constructor(private readonly lexed: readonly LexedCommand[]) {}

  complete(): boolean {
    return this.next === this.lexed.length;
  }

  statement(statement: Statement): boolean {
    if (statement.background) return false;
    const joiner: Joiner = this.next === 0 ? '' : ';';
    const node = statement.command;
    if (node.type !== 'AndOr') return this.pipeline(node, joiner);
    for (let index = 0; index < node.commands.length; index++) {
      const part = node.commands[index];
      const operator = index === 0 ? joiner : node.operators[index - 1];
      if (part === undefined || operator === undefined || !this.pipeline(part, operator)) return false;
    }
    return true;
  }

  private pipeline(node: PipelineNode, joiner: Joiner): boolean {
    if (node.type !== 'Pipeline') return this.command(node, joiner);
    if (node.prefixes.length > 0) return false;
    for (let index = 0; index < node.commands.length; index++) {
      const part = node.commands[index];
      const operator = index === 0 ? joiner : node.operators[index - 1];
      if (part === undefined || operator === undefined || operator === '|&') return false;
      if (!this.command(part, operator)) return false;
    }
    return true;
  }

  private command(node: CommandNode, joiner: Joiner): boolean {
    const lexed = this.lexed[this.next++];
    if (lexed === undefined || node.type !== 'Command' || lexed.joiner !== joiner) return false;
    return sameWords(node, lexed) && samePrefix(node, lexed);
  }
}

function sameWords(node: Command, lexed: LexedCommand): boolean {
  const words = lexed.words;
  if (node.name === undefined) return words.length === 0 && node.suffix.length === 0;
  if (words.length === 0 || words[0]?.value !== treeLiteral(node.name)) return false;
  let index = 1;
  for (const item of node.suffix) {
    if (item.type !== 'Word' && item.type !== 'Assignment') continue;
    const word = words[index++];
    if (word === undefined) return false;
    if (item.type === 'Word') {
      if (treeLiteral(item) !== word.value) return false;
    } else if (!sameDeclaration(item, word.value)) return false;
  }
  return index === words.length;
}

/** The parser makes `export A=b` an assignment among the arguments. */
function sameDeclaration(item: Assignment, value: string): boolean {
  const literal = plainAssignmentValue(item);
  return literal !== null && `${item.name}=${literal}` === value;
}

function plainAssignmentValue(item: Assignment): string | null {
  if (item.append || item.index !== undefined || item.value.type !== 'Word') return null;
  return treeLiteral(item.value);
}

function samePrefix(node: Command, lexed: LexedCommand): boolean {
  let assignments = 0;
  let redirections = 0;
  for (const item of node.prefix) {
    if (item.type === 'Assignment') {
      const other = lexed.assignments[assignments++];
      if (other === undefined || other.name !== item.name || plainAssignmentValue(item) !== other.value) return false;
    } else if (!sameRedirection(item, lexed.redirections[redirections++])) return false;
  }
  for (const item of node.suffix) {
    if (item.type === 'Word' || item.type === 'Assignment') continue;
    if (!sameRedirection(item, lexed.redirections[redirections++])) return false;
  }
  return assignments === lexed.assignments.length && redirections === lexed.redirections.length;
}

function sameRedirection(item: Redirection, lexed: LexedRedirection | undefined): boolean {
  if (lexed === undefined || item.type !== 'Redirect' || item.target === undefined) return false;
  if (item.operator !== lexed.operator || treeLiteral(item.target) !== lexed.target.value) return false;
  if (item.descriptor === undefined) return lexed.descriptor === -1;
  return item.descriptor.type === 'FileDescriptor' && item.descriptor.value === lexed.descriptor;
}
