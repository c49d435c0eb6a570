import { ExpactiError } from '@expacti/contracts';

/** What surrounds a well-known word may be this long before the whole counts as a password of its own. */
const LONGEST_DECORATION = 6;

let words: Promise<ReadonlySet<string>> | undefined;

/** 49 000 passwords from published leaks (lower case), loaded when somebody first chooses a password. */
function wellKnownWords(): Promise<ReadonlySet<string>> {
  words ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => new Set(dictionary['passwords-common']));
  return words;
}

/**
 * Refuses what a guesser tries first, however long: passwords from leaks, alone or with a few digits and signs around
 * them, one thing repeated, rows of the keyboard or alphabet, and the person's own e-mail or names.
 * @param personal what the password must not be made of
 * @param field the request's field that held it, for the message
 * @throws INVALID
 */
export async function refuseWellKnown(password: string, personal: readonly string[], field: string): Promise<void> {
  const problem = findProblem(password.toLowerCase(), personal, await wellKnownWords());
  if (problem === null) return;
  throw new ExpactiError('INVALID', `${field}: ${problem}`, { fields: [{ path: field, message: problem }] });
}

function findProblem(password: string, personal: readonly string[], known: ReadonlySet<string>): string | null {
  const core = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const isDecorated = password.length - core.length <= LONGEST_DECORATION;
  if (known.has(password) || (isDecorated && known.has(core))) return 'is one of the passwords that are guessed first';
  if (/^(.{1,6}?)\1+.{0,5}$/su.test(password)) return 'repeats one thing over and over';
  if (isRow(password)) return 'follows the keyboard or the alphabet';
  const names = personal.map((text) => text.toLowerCase()).filter((text) => text.length >= 4);
  if (isDecorated && names.includes(core)) return 'is made of your own name or e-mail';
  if (names.includes(password)) return 'is made of your own name or e-mail';
  return null;
}

const ROWS = [
  '`1234567890-=',
  'qwertyuiop[]\\',
  "asdfghjkl;'",
  'zxcvbnm,./',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
];

/** Whether nearly every character follows its neighbour on a keyboard row or in the alphabet, either way. */
function isRow(password: string): boolean {
  let steps = 0;
  for (let index = 1; index < password.length; index += 1) {
    const pair = password.slice(index - 1, index + 1);
    const reversed = `${pair[1]}${pair[0]}`;
    if (ROWS.some((row) => row.includes(pair) || row.includes(reversed))) steps += 1;
  }
  return steps >= (password.length - 1) * 0.75;
}
