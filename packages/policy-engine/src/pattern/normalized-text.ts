/**
 * The text that regular expressions are matched against: the words of one literal command, joined by single spaces.
 * A word of letters, digits and `_ . / : , = @ % + -` stands as it is; any other is in single quotes (`'web 1'`), with
 * `'\''` for a quote inside, so that no word can pass for two.
 */
export function normalizedText(argv: readonly string[]): string {
  let text = '';
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (at > 0) text += ' ';
    text += isPlainWord(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
  }
  return text;
}

/** Needs the word no quotes in the normalized text? */
export function isPlainWord(word: string): boolean {
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    if (code > 0x7f || PLAIN[code] === 0) return false;
  }
  return word !== '';
}

const PLAIN = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,=@%+-')
  PLAIN[character.charCodeAt(0)] = 1;
