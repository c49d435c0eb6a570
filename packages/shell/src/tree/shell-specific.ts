import type { SyntaxNode } from 'unbash';

/**
 * Names a construct that only bash reads this way; where `sh` or `dash` would execute the line, its tree means nothing.
 * Null for a construct that dash reads alike (or that is judged elsewhere).
 */
export function bashOnlyConstruct(node: SyntaxNode): string | null {
  switch (node.type) {
    case 'TestCommand':
      return '`[[ … ]]`';
    case 'ArithmeticCommand':
    case 'ArithmeticFor':
      return '`(( … ))`';
    case 'Select':
      return '`select`';
    case 'Coproc':
      return '`coproc`';
    case 'Time':
      return '`time`';
    case 'ProcessSubstitution':
      return 'process substitution';
    case 'AnsiCQuoted':
      return "`$'…'`";
    case 'LocaleString':
      return '`$"…"`';
    case 'ExtendedGlob':
      return 'an extended pattern';
    case 'BraceExpansion':
      return 'a brace expansion';
    case 'HereString':
      return '`<<<`';
    case 'ArrayValue':
      return 'an array';
    case 'FileDescriptorVariable':
      return '`{name}>`';
    case 'Assignment':
      return node.append || node.index !== undefined ? 'an array or `+=` assignment' : null;
    case 'FileDescriptor':
      return node.end - node.pos > 1 ? 'a descriptor of several digits' : null;
    case 'Redirect':
      return bashOnlyRedirection(node.operator, node.target?.text ?? '');
    case 'Pipeline':
      return node.operators.includes('|&') ? '`|&`' : null;
    case 'CaseItem':
      return node.terminator === ';&' || node.terminator === ';;&' ? `\`${node.terminator}\`` : null;
    case 'ParameterExpansion':
      return bashOnlyParameter(node.prefix, node.index !== undefined, node.operation?.type);
    default:
      return null;
  }
}

function bashOnlyRedirection(operator: string, target: string): string | null {
  if (operator.startsWith('&')) return `\`${operator}\``;
  if ((operator === '>&' || operator === '<&') && !/^(?:\d|-)$/.test(target)) return `\`${operator}\` with a file`;
  return null;
}

function bashOnlyParameter(prefix: string | undefined, indexed: boolean, operation: string | undefined): string | null {
  if (prefix === '!' || indexed) return 'an indirect or array parameter';
  if (operation === undefined || operation === 'Default' || operation === 'Remove') return null;
  return 'a parameter expansion';
}
