import type { Analysis } from '@expacti/shell';
import { PROGRAM_OPTIONS } from './data/program-options.js';
import { type CommandView, commandViews } from './decide/command-view.js';
import { decide } from './decide.js';
import { optionTables } from './guard/option-table.js';
import { isPlainWord, normalizedText } from './pattern/normalized-text.js';
import type { PatternType, Rule } from './rule.js';
import { createSnapshot } from './snapshot.js';

/** A pattern that could be remembered for a line, from narrow to wide. */
export interface PatternSuggestion {
  pattern_type: PatternType;
  pattern: string;
  /** Index of the one command that it covers; null for the whole line. */
  command: number | null;
  /** Indexes of that command's words that may vary under the pattern. */
  varying: number[];
}

const TABLES = optionTables(PROGRAM_OPTIONS);

/**
 * Generalizations of a line that an allow rule could remember: the line itself, and for each of its commands globs and a
 * regular expression in which the words that look like data may vary. Each covers the command that it was made from.
 *
 * @param similar other lines of the same form: where their words differ, the words vary
 */
export function suggestPatterns(analysis: Analysis, similar: readonly Analysis[] = []): PatternSuggestion[] {
  if (!analysis.parseable) return [];
  const exact: PatternSuggestion = { pattern_type: 'exact', pattern: analysis.source, command: null, varying: [] };
  if (!analysis.strict) return [exact];
  const ofCommands = commandViews(analysis, TABLES).flatMap((view, at) =>
    suggestionsFor(
      view,
      at,
      similar.map((other) => other.commands[at]?.argv ?? null),
    ),
  );
  return [exact, ...unique(ofCommands).filter((suggestion) => coversItsOrigin(suggestion, analysis))];
}

function suggestionsFor(
  view: CommandView,
  command: number,
  similar: readonly (readonly string[] | null)[],
): PatternSuggestion[] {
  const words = view.ownWords;
  if (words === null || words.length === 0) return [];
  const varying = words.flatMap((_, at) => (varies(view, words, at, similar) ? [at] : []));
  const glob = (shape: (word: string) => string): string =>
    words.map((word, at) => (varying.includes(at) ? shape(word) : quoteGlobWord(word, at))).join(' ');
  const suggest = (pattern_type: PatternType, pattern: string): PatternSuggestion => ({
    pattern_type,
    pattern,
    command,
    varying,
  });
  const literal: PatternSuggestion = {
    pattern_type: 'glob',
    pattern: words.map(quoteGlobWord).join(' '),
    command,
    varying: [],
  };
  if (varying.length === 0) return [literal];
  const regex = words
    .map((word, at) => (varying.includes(at) ? regexShape(word) : escapeRegex(normalizedText([word]))))
    .join(' ');
  return [literal, suggest('glob', glob(narrowShape)), suggest('glob', glob(wideShape)), suggest('regex', regex)];
}

/** May a wildcard cover the word, and does it look like data (or has it differed)? */
function varies(
  view: CommandView,
  words: readonly string[],
  at: number,
  similar: readonly (readonly string[] | null)[],
): boolean {
  const word = words[at] ?? '';
  const keyed = /^--?[\w-]+=./.test(word);
  if (at === 0 || (!view.coverage.covers(at) && !keyed)) return false;
  const others = similar.filter((other) => other !== null && other.length === words.length);
  if (others.length > 0) return others.some((other) => other?.[at] !== word);
  if (word.startsWith('-')) return keyed;
  return at > 1 || /[\d/.:@%\s]|[A-Z]{2}/.test(word);
}

function narrowShape(word: string): string {
  const keyed = /^(--?[\w-]+=)./.exec(word);
  if (keyed !== null) return `${keyed[1]}*`;
  const folder = /^(\/.*\/)[^/]+?(\.[A-Za-z]\w*)?$/.exec(word);
  if (folder === null || !isPlainWord(word)) return '*';
  return `${folder[1]}*${folder[2] ?? ''}`;
}

function wideShape(word: string): string {
  return /^--?[\w-]+=./.test(word) ? narrowShape(word) : '*';
}

function regexShape(word: string): string {
  const keyed = /^(--?[\w-]+=)./.exec(word);
  if (keyed !== null) return `${escapeRegex(keyed[1] ?? '')}[\\w./:@%+-]+`;
  if (/^\d+$/.test(word)) return '[0-9]+';
  const parts = /^([A-Za-z][A-Za-z_.-]*)(\d+)$/.exec(word);
  if (parts !== null) return `${escapeRegex(parts[1] ?? '')}[0-9]+`;
  const folder = /^(\/[\w./-]*\/)[\w.-]+$/.exec(word);
  if (folder !== null) return `${escapeRegex(folder[1] ?? '')}[\\w.-]+`;
  return isPlainWord(word) ? '[\\w./:%][\\w./:@%+-]*' : "'[^']*'";
}

const escapeRegex = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/** Writes a word so that a glob reads it back literally. */
function quoteGlobWord(word: string, at: number): string {
  if (isPlainWord(word) && !(at === 0 && word.includes('='))) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function coversItsOrigin(suggestion: PatternSuggestion, analysis: Analysis): boolean {
  const rule: Rule = {
    id: 'suggested',
    effect: 'allow',
    kind: 'command',
    scope: { type: 'global' },
    pattern_type: suggestion.pattern_type,
    pattern: suggestion.pattern,
    pipeline: true,
    cwd: '/',
  };
  const snapshot = createSnapshot({ org: '', version: 0, rules: [rule] });
  const request = { kind: 'command', command: analysis.source, shell: analysis.shell, cwd: '/', agent_id: '' } as const;
  const { commands } = decide(snapshot, request, 0, analysis);
  return suggestion.command !== null && commands[suggestion.command]?.rule_id === rule.id;
}

function unique(suggestions: readonly PatternSuggestion[]): PatternSuggestion[] {
  const seen = new Map(
    suggestions.map((suggestion) => [
      `${suggestion.command} ${suggestion.pattern_type} ${suggestion.pattern}`,
      suggestion,
    ]),
  );
  return [...seen.values()];
}
