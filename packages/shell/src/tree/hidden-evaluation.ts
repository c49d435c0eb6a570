import type { SyntaxNode } from 'unbash';

/**
 * Whether a node evaluates text that is not on the line: arithmetic on a variable (its value may hold `a[$(x)]`), array
 * subscripts, indirect parameters (`${!x}`), prompt expansion (`${x@P}`), substring offsets.
 */
export function evaluatesHiddenCode(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'ArithmeticWord':
      return /[A-Za-z_$]/.test(node.value.replace(/\b0x[0-9a-fA-F]+\b/g, ''));
    case 'Assignment':
      return node.index !== undefined;
    case 'ParameterExpansion':
      if (node.index !== undefined && !/^[@*\d]+$/.test(node.index.text)) return true;
      if (node.prefix === '!' && node.operation?.type !== 'Names') return true;
      return node.operation?.type === 'Transform' || node.operation?.type === 'Slice';
    default:
      return false;
  }
}
