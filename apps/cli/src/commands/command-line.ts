const PLAIN = /^[A-Za-z0-9_./:=@%+,-]+$/;

/**
 * The command line for the words after `--`. One word is a line of its own (`expacti run -- 'ls | wc -l'`), as with
 * `sh -c`; several are exactly those words, quoted where the shell would see more in them.
 */
export async function commandLineOf(words: readonly string[]): Promise<string> {
  const [only, ...more] = words;
  if (only !== undefined && more.length === 0) return only;
  // Quoting needs the shell package, which takes longer to load than everything else here.
  if (words.every((word) => PLAIN.test(word)) && !words[0]?.includes('=')) return words.join(' ');
  const { quoteArgv } = await import('@expacti/shell');
  return quoteArgv([...words]);
}
