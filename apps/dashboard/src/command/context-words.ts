/** Where a command stands in its line, in a reviewer's words. Unknown places are shown as they came. */
const words: Record<string, string> = {
  'pipeline-first': 'feeds a pipe',
  'pipeline-later': 'reads from a pipe',
  list: '',
  background: 'in the background',
  negated: 'its result is negated',
  timed: 'timed',
  subshell: 'in a subshell',
  group: 'in a group',
  conditional: 'only if a condition holds',
  loop: 'in a loop, perhaps many times',
  case: 'in a case',
  'function-body': 'when the function is called',
  substitution: 'its output becomes part of the line',
  'here-document': 'inside a here-document',
  wrapped: 'run by the command above',
  evaluated: 'text that is evaluated as code',
};

export function contextWords(contexts: readonly string[]): string[] {
  return [...new Set(contexts.map((context) => words[context] ?? context))].filter((text) => text !== '');
}

/** Why a word is not known before the command runs. */
const dynamicWords: Record<string, string> = {
  parameter: 'a variable: its value is known only when it runs',
  'command-substitution': 'the output of another command',
  'process-substitution': 'a pipe to or from another command',
  arithmetic: 'computed when it runs',
  glob: 'files that match when it runs',
  brace: 'expands to several words',
  tilde: 'a home directory',
  history: 'taken from the shell history',
  'locale-string': 'translated when it runs',
  unknown: 'not known before it runs',
};

export function dynamicReason(kind: string): string {
  return dynamicWords[kind] ?? kind;
}
