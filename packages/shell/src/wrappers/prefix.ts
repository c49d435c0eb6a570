import type { Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';
import { codeInWords, type Inner, type Opened } from './opened.js';
import { readOptions } from './read-options.js';

/** Opens `sudo`, `nice`, `timeout` and everything else that runs the rest of its words. */
export function openPrefix(words: Word[], wrapper: PrefixWrapper): Opened {
  const options = readOptions(words, 1, wrapper);
  const unknown = [...options.doubts];
  const start = options.next + (wrapper.positionals ?? 0);
  for (const word of words.slice(options.next, start)) {
    if (word.literal === null) unknown.push(`\`${word.text}\` may become any number of words.`);
  }
  if (seesAny(options.seen, wrapper.notACommand)) return { own: null, inner: [], unknown };
  if (start >= words.length) {
    const shell = wrapper.shellByDefault === true || seesAny(options.seen, wrapper.startsShell);
    if (shell) unknown.push('It starts a shell that reads its commands from standard input.');
    return { own: null, inner: [], unknown };
  }
  const rest = words.slice(start);
  const inner: Inner =
    wrapper.joinedUnless !== undefined && !seesAny(options.seen, wrapper.joinedUnless)
      ? codeInWords(rest, 'sh')
      : { kind: 'words', words: rest, assignments: options.assignments };
  return { own: words.slice(0, start), inner: [inner], unknown };
}

function seesAny(seen: ReadonlySet<string>, names: string | undefined): boolean {
  return names?.split(' ').some((name) => seen.has(name)) ?? false;
}
