import type { Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';
import { codeInWords, type Inner, type Opened } from './opened.js';
import { readOptions } from './read-options.js';

/** OpenSSH 10. */
const SSH: PrefixWrapper = { flags: '46AaCfGgKkMNnqsTtVvXxYy', values: 'BbcDEeFIiJLlmOoPpQRSWw' };

/** `-o` settings whose value is a command that runs on this side. */
const LOCAL_COMMAND = /^\s*(?:proxycommand|localcommand|knownhostscommand|remotecommand)\s*[ =]\s*(.*)$/is;

/**
 * Opens `ssh host command`: the words are joined by blanks and read by the login shell of the other side, which is not
 * known: only what all shells read alike is taken as understood.
 */
export function openSsh(words: Word[]): Opened {
  const before = readOptions(words, 1, SSH);
  const after = readOptions(words, before.next + 1, SSH);
  const unknown = [...before.doubts, ...after.doubts];
  const host = words[before.next];
  if (host?.literal === null) unknown.push(`\`${host.text}\` may become any number of words.`);
  const inner: Inner[] = [];
  for (const word of words.slice(1, Math.min(after.next, words.length))) {
    const local = LOCAL_COMMAND.exec((word.literal ?? '').replace(/^-[46AaCfGgKkMNnqsTtVvXxYy]*o/, ''));
    if (local !== null) inner.push({ kind: 'code', source: local[1] ?? '', shell: 'sh', exact: false });
  }
  if (inner.length > 0) unknown.push('ssh is told to run a command on this side.');
  const command = host === undefined ? [] : words.slice(after.next);
  if (command.length === 0) {
    const runsNothing = ['N', 'G', 'V', 'Q', 'O', 'W'].some(
      (letter) => before.seen.has(letter) || after.seen.has(letter),
    );
    if (!runsNothing) unknown.push('It opens a shell on the other side, which reads its commands from standard input.');
    return { own: inner.length > 0 ? words : null, inner, unknown };
  }
  const code = codeInWords(command, 'zsh');
  if (code.kind === 'code' && !code.exact) unknown.push('The command for the other side is not literal.');
  return { own: words.slice(0, after.next), inner: [...inner, code], unknown };
}
