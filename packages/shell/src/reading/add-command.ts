import type { SimpleCommand, Word } from '../analysis.js';
import { isCodeAssignment } from '../data/assignments.js';
import { DECLARING_BUILTINS } from '../data/builtins.js';
import { baseName, type ProgramFacts, programFacts } from '../data/programs.js';
import { MAX_WRAPPER_DEPTH } from '../limits.js';
import { openEvaluatingBuiltin } from '../wrappers/evaluating-builtin.js';
import { openWrapper } from '../wrappers/open-wrapper.js';
import type { Inner, Opened } from '../wrappers/opened.js';
import type { Reading } from './reading.js';

/**
 * Puts a command on the list, judges whether a pattern may cover it, and adds whatever it would run in turn.
 *
 * @param command as found; `builtin`, `opaque`, `patternable`, `reasons`, `wrapperPrefix` are filled in here
 * @param standardInput the text of a literal here-document that it reads, or null
 */
export function addCommand(reading: Reading, command: SimpleCommand, standardInput: string | null): void {
  const index = reading.collector.push(command);
  if (command.assignments.length > 0) judgeAssignments(command);
  if (command.argv === null) for (const word of command.words) judgeWord(command, word);
  const name = command.words[0]?.literal;
  if (name === undefined) {
    if (command.assignments.length > 0) command.builtin = 'state';
  } else if (name !== null) {
    const base = baseName(name);
    const facts = programFacts(base);
    if (facts !== null) openProgram(reading, index, command, base.toLowerCase(), facts, standardInput);
  }
  command.patternable = command.reasons.length === 0;
}

function judgeAssignments(command: SimpleCommand): void {
  for (const { name, text, value } of command.assignments) {
    if (isCodeAssignment(name)) command.reasons.push(`\`${name}\` makes a shell or the loader run code.`);
    if (value?.literal === undefined || value.literal === null) command.reasons.push(`\`${text}\` is not literal.`);
  }
}

function judgeWord(command: SimpleCommand, word: Word): void {
  if (word.literal === null) command.reasons.push(`\`${word.text}\` is not literal.`);
}

function openProgram(
  reading: Reading,
  index: number,
  command: SimpleCommand,
  base: string,
  facts: ProgramFacts,
  standardInput: string | null,
): void {
  let opened: Opened | null = null;
  if (facts.codeBuiltin || (facts.codeByArgument !== null && runsCode(command, facts.codeByArgument))) {
    command.builtin = 'code';
    command.reasons.push(`\`${base}\` can run code hidden in its arguments.`);
    opened = openEvaluatingBuiltin(base, command.words, reading.shell);
  } else {
    if (facts.stateBuiltin || base === 'exec') command.builtin = 'state';
    if (DECLARING_BUILTINS.has(base)) judgeDeclarations(command);
    if (facts.wrapper !== null) opened = openWrapper(facts.wrapper, command.words, standardInput);
  }
  if (opened !== null) addOpened(reading, index, command, opened, standardInput);
}

/** Dynamic words may turn out to be anything; such a command is not patternable anyway. */
function runsCode(command: SimpleCommand, test: (operands: readonly string[]) => boolean): boolean {
  return test(command.words.slice(1).map((word) => word.literal ?? word.text));
}

function judgeDeclarations(command: SimpleCommand): void {
  for (const word of command.words.slice(1)) {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(word.literal ?? word.text)?.[0];
    if (name !== undefined && isCodeAssignment(name)) {
      command.reasons.push(`\`${name}\` makes a shell or the loader run code.`);
    }
  }
}

function addOpened(
  reading: Reading,
  index: number,
  command: SimpleCommand,
  opened: Opened,
  standardInput: string | null,
): void {
  for (const reason of opened.unknown) {
    command.opaque = true;
    command.reasons.push(reason);
  }
  if (opened.own !== null) command.wrapperPrefix = literals(opened.own);
  if (opened.inner.length > 0 && reading.depth >= MAX_WRAPPER_DEPTH) {
    command.opaque = true;
    command.reasons.push('Too many wrappers stand inside one another.');
    return;
  }
  for (const inner of opened.inner) addInner(reading, index, command, inner, standardInput);
}

function addInner(
  reading: Reading,
  index: number,
  command: SimpleCommand,
  inner: Inner,
  standardInput: string | null,
): void {
  if (inner.kind === 'words') {
    if (inner.words.length === 0) return;
    addCommand(
      { ...reading, wrappedBy: index, depth: reading.depth + 1 },
      innerCommand(command, index, inner),
      standardInput,
    );
    return;
  }
  const findings = reading.collector.readCode({
    collector: reading.collector,
    source: inner.source,
    shell: inner.shell,
    context: [...command.context, 'wrapped', 'evaluated'],
    wrappedBy: index,
    depth: reading.depth + 1,
    spans: false,
  });
  if (findings.reasons.length > 0) {
    command.opaque = true;
    command.reasons.push(...findings.reasons.map((reason) => `In the code that it runs: ${reason}`));
  } else if (findings.strictReasons.length > 0) {
    command.reasons.push(...findings.strictReasons.map((reason) => `In the code that it runs: ${reason}`));
  }
}

function innerCommand(outer: SimpleCommand, index: number, inner: Inner & { kind: 'words' }): SimpleCommand {
  const spans = inner.words.map((word) => word.span).filter((span) => span !== null);
  return {
    text: inner.words.map((word) => word.text).join(' '),
    span:
      spans.length === 0
        ? null
        : { start: Math.min(...spans.map(({ start }) => start)), end: Math.max(...spans.map(({ end }) => end)) },
    words: inner.words,
    argv: literals(inner.words),
    assignments: inner.assignments,
    redirections: [],
    context: [...outer.context, 'wrapped'],
    wrappedBy: index,
    wrapperPrefix: null,
    builtin: null,
    opaque: false,
    patternable: true,
    reasons: [],
  };
}

function literals(words: readonly Word[]): string[] | null {
  const values: string[] = [];
  for (const { literal } of words) {
    if (literal === null) return null;
    values.push(literal);
  }
  return values;
}
