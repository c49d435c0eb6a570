import { forEachChild, type ParsedScript, type SyntaxNode, type Word as TreeWord } from 'unbash';
import type { DynamicKind, Word } from '../analysis.js';
import { scanLiteralWord } from '../lexer/word-scanner.js';
import { treeLiteral } from './literal-word.js';

/** A word from the parser's tree, called literal only when the independent scan of its raw text agrees. */
export function wordFromTree(node: TreeWord, spans: boolean): Word {
  const text = node.text;
  const scanned = scanLiteralWord(text);
  const literal = 'literal' in scanned && treeLiteral(node) === scanned.literal ? scanned.literal : null;
  return {
    text,
    literal,
    dynamic: literal === null ? dynamicParts(node, 'failure' in scanned ? scanned.failure : 'unknown') : [],
    span: spans ? { start: node.pos, end: node.end } : null,
  };
}

/** A word that has no node of its own in the tree; it is judged by its raw text alone. */
export function wordFromText(text: string, start: number, spans: boolean): Word {
  const scanned = scanLiteralWord(text);
  const literal = 'literal' in scanned ? scanned.literal : null;
  return {
    text,
    literal,
    dynamic: 'failure' in scanned ? [{ kind: scanned.failure, text }] : [],
    span: spans ? { start, end: start + text.length } : null,
  };
}

/** Whether the raw text holds a substitution that the parser took for plain characters (`1<(x)`). */
export function hidesSubstitution(node: TreeWord): boolean {
  return treeLiteral(node) !== null && /[<>$=](?:\\\n)*\(|`/.test(node.text) && 'failure' in scanLiteralWord(node.text);
}

function dynamicParts(node: TreeWord, fallback: DynamicKind): Word['dynamic'] {
  const found: Word['dynamic'] = [];
  const visit = (child: SyntaxNode): void => {
    const kind = dynamicKind(child);
    if (kind !== null) found.push({ kind, text: 'text' in child ? child.text : '' });
    else if (child.type === 'DoubleQuoted') forEachChild(child, visit);
  };
  forEachChild(node, visit);
  if (found.length === 0) found.push({ kind: fallback, text: node.text });
  return found;
}

function dynamicKind(node: SyntaxNode): DynamicKind | null {
  switch (node.type) {
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return 'parameter';
    case 'CommandExpansion':
      return 'command-substitution';
    case 'ProcessSubstitution':
      return 'process-substitution';
    case 'ArithmeticExpansion':
      return 'arithmetic';
    case 'Glob':
    case 'ExtendedGlob':
      return 'glob';
    case 'BraceExpansion':
      return 'brace';
    case 'LocaleString':
      return 'locale-string';
    case 'AnsiCQuoted':
      return 'unknown';
    default:
      return null;
  }
}

/**
 * Calls `visit` for each script (substitution) inside a word-like node, at any depth within words but not inside those
 * scripts, and `meet` for every other node on the way.
 */
export function forEachScript(
  node: SyntaxNode,
  visit: (script: ParsedScript) => void,
  meet: (part: SyntaxNode) => void,
): void {
  forEachChild(node, (child) => {
    if (child.type === 'Script') visit(child);
    else {
      meet(child);
      forEachScript(child, visit, meet);
    }
  });
}
