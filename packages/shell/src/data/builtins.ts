/**
 * Builtins that can run code hidden in a quoted argument: arithmetic, array subscripts (`a[$(x)]`), handlers, aliases,
 * callbacks, sourced files. No parser sees that code, so no pattern may cover them, whatever their arguments.
 * Union of bash 5.3, dash, zsh 5.9 and fish 4; tried against bash 5.2.
 */
export const CODE_BUILTINS: ReadonlySet<string> = new Set(
  `. source eval trap alias let declare typeset local integer float read unset getopts mapfile readarray
   compgen complete compopt bind fc enable shopt set coproc history
   autoload bindkey emulate functions compdef compctl sched vared zle zmodload zparseopts zstyle zcompile zformat print
   setopt unsetopt add-zsh-hook ztie zregexparse
   abbr argparse emit function funced funcsave fish_config`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Builtins that change what later commands of the same line or session mean. */
export const STATE_BUILTINS: ReadonlySet<string> = new Set(
  `cd chdir pushd popd dirs export readonly umask ulimit exec exit return break continue shift times wait bg fg disown
   suspend logout hash rehash unhash unalias limit unlimit ttyctl disable prevd nextd block set_color`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/**
 * Builtins that run hidden code only with certain arguments. The test gets the arguments behind the name, all literal.
 * Options may be clustered or carry their value; a doubtful shape counts.
 */
export const CODE_BY_ARGUMENT: ReadonlyMap<string, (operands: readonly string[]) => boolean> = new Map([
  ['test', (operands) => operands.some(isSubscriptTest)],
  ['[', (operands) => operands.some(isSubscriptTest)],
  ['printf', (operands) => /^-.*v/.test(operands[0] ?? '')],
  ['wait', hasOption(/^-.*p/)],
  ['jobs', hasOption(/^-.*x/)],
  ['hash', hasOption(/^-/)],
  ['export', hasSubscript],
  ['readonly', hasSubscript],
  ['ulimit', hasSubscript],
  ['shift', hasSubscript],
  ['exit', hasSubscript],
  ['return', hasSubscript],
]);

function isSubscriptTest(word: string): boolean {
  return word === '-v' || word === '-R';
}

function hasOption(pattern: RegExp): (operands: readonly string[]) => boolean {
  return (operands) => operands.some((word) => pattern.test(word));
}

function hasSubscript(operands: readonly string[]): boolean {
  return operands.some((word) => word.includes('['));
}

/** Builtins whose `NAME=value` arguments are assignments. */
export const DECLARING_BUILTINS: ReadonlySet<string> = new Set(['export', 'readonly', 'declare', 'typeset', 'local']);
