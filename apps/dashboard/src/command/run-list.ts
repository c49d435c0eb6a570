import type { Analysis, SimpleCommand } from '@expacti/shell';
import { contextWords, dynamicReason } from './context-words.js';

/** One word of a command that would run. */
export interface RunWord {
  /** Its place in the command. */
  place: number;
  text: string;
  /** Why its value is unknown; null when it is literal. */
  dynamic: string | null;
}

/** One command that the line would run, for the list under it. */
export interface RunItem {
  key: number;
  depth: number;
  words: RunWord[];
  redirections: { text: string; touchesFile: boolean }[];
  assignments: string[];
  context: string[];
  notes: string[];
  verdict: 'allow' | 'deny' | 'review' | null;
  ruleId: string | null;
}

/** How the server judged each command of the same line, in the same order. */
export interface JudgedPart {
  text: string;
  verdict: 'allow' | 'deny' | 'review';
  rule_id?: string | null | undefined;
  reasons: string[];
}

/** The commands of a line as a list, wrapped ones under their wrapper, each with the server's verdict where it has one. */
export function runList(analysis: Analysis, judged: readonly JudgedPart[]): RunItem[] {
  const depths: number[] = [];
  return analysis.commands.map((command, index) => {
    const depth = command.wrappedBy === null ? 0 : (depths[command.wrappedBy] ?? 0) + 1;
    depths.push(depth);
    const judgement = judgementOf(command.text, index, judged);
    const notes = notesOf(command, judgement);
    return {
      key: index,
      depth,
      words: command.words.map((word, place) => ({
        place,
        text: word.text,
        dynamic:
          word.literal === null
            ? word.dynamic.map(({ kind }) => dynamicReason(kind)).join('; ') || dynamicReason('unknown')
            : null,
      })),
      redirections: command.redirections.map(({ operator, target, touchesFile }) => ({
        text: target ? `${operator} ${target.text}` : operator,
        touchesFile,
      })),
      assignments: command.assignments.map(({ text }) => text),
      context: contextWords(command.context),
      notes,
      verdict: judgement?.verdict ?? null,
      ruleId: judgement?.rule_id ?? null,
    };
  });
}

/** What else there is to know: not what the words above and the verdict beside say already. */
function notesOf(command: SimpleCommand, judgement: JudgedPart | undefined): string[] {
  const unknown = command.words.filter((word) => word.literal === null).map((word) => word.text);
  const said = (reason: string) =>
    reason.startsWith('No rule allows') || (reason.includes('iteral') && unknown.some((text) => reason.includes(text)));
  const notes = [...(judgement?.reasons ?? []), ...command.reasons].filter((reason) => !said(reason));
  if (command.opaque) notes.push('What it would run cannot be told before it runs.');
  return [...new Set(notes)];
}

/** By place when the texts agree, else by text: the browser's list and the server's come from the same grammar. */
function judgementOf(text: string, index: number, judged: readonly JudgedPart[]): JudgedPart | undefined {
  const samePlace = judged[index];
  return samePlace?.text === text ? samePlace : judged.find((part) => part.text === text);
}
