import type { Word } from '../analysis.js';
import { APPENDED_WORD, type Opened, placeholder } from './opened.js';

const VALUE_OPTIONS = new Set(
  '-j -P --jobs --max-procs -n -N -L -I -a --arg-file -S --sshlogin --delay --timeout --retries --results --joblog --tmpdir --colsep -C --workdir --wd --env --load --memfree --block --recstart --recend --halt -d --delimiter --tagstring --sshloginfile'.split(
    ' ',
  ),
);
const REPLACED = /\{[^{}\s]*\}/;

/** Opens `parallel command … ::: words`: every job line is read by a shell again, so it always stays opaque. */
export function openParallel(words: Word[]): Opened {
  let start = 1;
  while (start < words.length) {
    const literal = words[start]?.literal ?? '';
    if (literal.startsWith(':::') || !literal.startsWith('-')) break;
    start += VALUE_OPTIONS.has(literal) ? 2 : 1;
  }
  const separator = words.findIndex((word, index) => index >= start && word.literal?.startsWith(':::') === true);
  const command = words.slice(start, separator < 0 ? undefined : separator);
  const unknown = ['parallel gives each job line to a shell again.'];
  if (command.length === 0) return { own: null, inner: [], unknown };
  const replaced = command.some((word) => REPLACED.test(word.text));
  const filled = replaced
    ? command.map((word) => (REPLACED.test(word.text) ? placeholder(word) : word))
    : [...command, APPENDED_WORD];
  return { own: words.slice(0, start), inner: [{ kind: 'words', words: filled, assignments: [] }], unknown };
}
