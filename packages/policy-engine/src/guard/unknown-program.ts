import { Coverage } from './coverage.js';
import { takesCode } from './takes-code.js';

/** Subcommands and options behind which programs of all kinds expect code or the name of a program. */
const RUNNING_WORDS: ReadonlySet<string> = new Set(
  `exec run eval runner shell console -c -e --exec --eval --execute --command --cmd --run --shell`.split(' '),
);

/**
 * What wildcards may cover of a program that no table knows: plain words, but nothing from a word on that says that
 * something is run (`tool exec *`), or that as the first operand names a program which runs others (`tool sh *`).
 */
export function coverUnknown(argv: readonly string[], codes: Coverage[]): void {
  let behindFirstOperand = false;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (RUNNING_WORDS.has(withoutValue(word))) return;
    codes[at] = operandCoverage(word);
    if (behindFirstOperand || word.startsWith('-')) continue;
    if (takesCode(word)) {
      codes[at] = Coverage.never;
      return;
    }
    // Short for `exec` (`mise x`); behind other operands it is data.
    if (word === 'x') return;
    // Behind an option the word may be its value, and the first operand comes later.
    behindFirstOperand = !(argv[at - 1] ?? '').startsWith('-') || at === 1;
  }
}

const ASSIGNMENT_LIKE = /^[\w.:[\]-]+=/;

function operandCoverage(word: string): Coverage {
  const first = word.charCodeAt(0);
  if (first === 0x2d) return Coverage.spelledOption;
  if (first === 0x2b || first === 0x40) return Coverage.spelledKey;
  return word.includes('=') && ASSIGNMENT_LIKE.test(word) ? Coverage.spelledKey : Coverage.yes;
}

function withoutValue(word: string): string {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals < 0 ? word : word.slice(0, equals);
}
