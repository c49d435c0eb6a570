import type { SyntaxNode } from 'unbash';

const PLAIN_TARGET = /^(?:[\w./+%@:,][\w./+%@:,-]*|-)$/;
const PLAIN_DELIMITER = /^(?:[\w./+%@:,!-]|\\\w|'[^'\n]*'|"[^"\\$`\n]*")+$/;

/**
 * Why a redirection cannot be trusted to mean what the tree says, or null.
 *
 * bash 5.2 expands the target of `>&word` twice: `echo x >&'$(evil)'` runs `evil` in spite of the quotes. It also ends
 * `>&-` right there, whatever follows. And shells disagree about here-document delimiters that hold `$`, backquotes or
 * brackets, and about a here-document without its closing line.
 */
export function redirectionTrap(node: SyntaxNode): string | null {
  if (node.type === 'Redirect' && (node.operator === '>&' || node.operator === '<&')) {
    return PLAIN_TARGET.test(node.target?.text ?? '')
      ? null
      : `After \`${node.operator}\` bash expands the target twice.`;
  }
  if (node.type !== 'HereDoc') return null;
  if (!PLAIN_DELIMITER.test(node.delimiter?.text ?? ''))
    return 'Shells read the delimiter of a here-document differently.';
  return node.closing === undefined ? 'A here-document has no closing line.' : null;
}
