/**
 * First words that are not programs: reserved words and builtins of bash, dash and sh. Some exist as programs too, but a
 * shell would not run those, and what was approved is what the shell would do.
 */
const NOT_PROGRAMS = new Set(
  (
    '. : [ alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs disown ' +
    'do done echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in ' +
    'jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source ' +
    'suspend test then time times trap true type typeset ulimit umask unalias unset until wait while'
  ).split(' '),
);

const PLAIN_WORD = /^[A-Za-z0-9_./:=@%+,-]+$/;
const PROGRAM_WORD = /^[A-Za-z0-9_./][A-Za-z0-9_./+-]*$/;

/**
 * The words of a command that is one simple command of literal words, so that it can run without a shell; null for
 * everything else, which goes through the approved shell. Deliberately narrow: no quote, no escape, no tilde, no glob, no
 * assignment, nothing but plain words with spaces between them.
 */
export function literalArgv(command: string): [string, ...string[]] | null {
  const words = command.split(' ').filter((word) => word !== '');
  const [program, ...parameters] = words;
  if (program === undefined || !PROGRAM_WORD.test(program) || NOT_PROGRAMS.has(program)) return null;
  return parameters.every((word) => PLAIN_WORD.test(word)) ? [program, ...parameters] : null;
}
