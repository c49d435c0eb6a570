/** Shells whose grammar can be judged. Anything else is unparseable. `sh` accepts only what bash and dash read alike. */
export type Shell = 'bash' | 'sh' | 'dash' | 'zsh' | 'fish';

/** Half-open range of UTF-16 offsets into the source line. */
export interface Span {
  start: number;
  end: number;
}

/** What makes a word's value unknown before it runs. */
export type DynamicKind =
  | 'parameter'
  | 'command-substitution'
  | 'process-substitution'
  | 'arithmetic'
  | 'glob'
  | 'brace'
  | 'tilde'
  | 'history'
  | 'locale-string'
  | 'unknown';

export interface Word {
  /** As written. */
  text: string;
  /** After quote removal; null when any part is dynamic. */
  literal: string | null;
  dynamic: { kind: DynamicKind; text: string }[];
  span: Span | null;
}

export interface Assignment {
  name: string;
  text: string;
  value: Word | null;
}

export interface Redirection {
  /** `>`, `>>`, `<`, `<<<`, `<<`, `>&`, `&>`, … without the descriptor. */
  operator: string;
  /** What stands before the operator (`2`, `{fd}`), or null. */
  descriptor: string | null;
  /** Null for here-documents. */
  target: Word | null;
  /** True when it reads or writes a file (duplicating a descriptor, or writing to /dev/null, is not). */
  touchesFile: boolean;
  /** The body of a here-document; `expands` when its delimiter is not quoted, so that `$(…)` in it runs. Else null. */
  hereDocument: { text: string; span: Span | null; expands: boolean } | null;
}

/** Where a command stands, outermost first. */
export type Context =
  | 'pipeline-first'
  | 'pipeline-later'
  | 'list'
  | 'background'
  | 'negated'
  | 'timed'
  | 'subshell'
  | 'group'
  | 'conditional'
  | 'loop'
  | 'case'
  | 'function-body'
  | 'substitution'
  | 'here-document'
  | 'wrapped'
  | 'evaluated';

/** One command that the line could run: as written, or as found inside a wrapper such as `sudo` or `sh -c`. */
export interface SimpleCommand {
  text: string;
  span: Span | null;
  words: Word[];
  /** All words' literals; null when any word is dynamic. */
  argv: string[] | null;
  assignments: Assignment[];
  redirections: Redirection[];
  context: Context[];
  /** Index in `Analysis.commands` of the wrapper (`sudo`, `xargs`, …) that would run this one. */
  wrappedBy: number | null;
  /**
   * When this command runs another one: its own words without the inner command's, such as `['sudo', '-u', 'www']`.
   * Null when it wraps nothing, or when one of those words is not literal.
   */
  wrapperPrefix: string[] | null;
  /**
   * `state`: a builtin that changes what later commands of the same line mean (`cd`, `export`, `exec`, …).
   * `code`: a builtin that can run code hidden in its arguments (`eval`, `trap`, `test -v`, …); never patternable.
   */
  builtin: 'state' | 'code' | null;
  /** A wrapper whose inner command could not be determined (`eval "$X"`, `sh -c "$X"`, a here-document into a shell). */
  opaque: boolean;
  /** May a pattern rule cover this command? False with the reasons below. */
  patternable: boolean;
  /** Why not patternable; sentences for the reviewer. */
  reasons: string[];
}

/** A piece of the source for colouring; pieces are in order and do not overlap. */
export interface Token {
  kind:
    | 'program'
    | 'option'
    | 'literal'
    | 'dynamic'
    | 'redirection'
    | 'operator'
    | 'assignment'
    | 'keyword'
    | 'comment'
    | 'heredoc';
  span: Span;
}

export interface Analysis {
  source: string;
  shell: Shell;
  /** False: outside the understood grammar. Reviewed each time; no rule of any kind may be made for it. */
  parseable: boolean;
  /** Why it is not parseable; empty when it is. */
  reasons: string[];
  /** Strict view: may pattern rules cover the line (each command patternable, grammar on the allow-list, both lexers agree)? */
  strict: boolean;
  strictReasons: string[];
  /** Every command the line could run: a superset of what the shell would execute (best effort when unparseable). */
  commands: SimpleCommand[];
  tokens: Token[];
  /** Things the reviewer should know (invisible characters, confusables, very long). */
  warnings: string[];
}
