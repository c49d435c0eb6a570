import type { NewRule, Rule } from '../api/types.js';

/** A rule as the form holds it: every field present, texts as typed. */
export interface RuleDraft {
  effect: Rule['effect'];
  kind: Rule['kind'];
  pattern_type: Rule['pattern_type'];
  pattern: string;
  scope: Rule['scope'];
  agent_id: string | null;
  shell: Rule['shell'];
  cwd: string;
  pipeline: boolean;
  matchers: { pointer: string; mode: 'glob' | 'equals'; value: string }[];
  direction: Rule['direction'];
  expires_at: string | null;
  shadow: boolean;
  matches: string;
  does_not_match: string;
  note: string;
}

export const emptyDraft: RuleDraft = {
  effect: 'allow',
  kind: 'command',
  pattern_type: 'glob',
  pattern: '',
  scope: { type: 'global' },
  agent_id: null,
  shell: null,
  cwd: '',
  pipeline: false,
  matchers: [],
  direction: null,
  expires_at: null,
  shadow: false,
  matches: '',
  does_not_match: '',
  note: '',
};

export function draftOf(rule: Rule): RuleDraft {
  return {
    effect: rule.effect,
    kind: rule.kind,
    pattern_type: rule.pattern_type,
    pattern: rule.pattern,
    scope: rule.scope,
    agent_id: rule.agent_id,
    shell: rule.shell,
    cwd: rule.cwd ?? '',
    pipeline: rule.pipeline,
    matchers: rule.matchers.map(({ pointer, equals, glob }) =>
      glob === undefined
        ? { pointer, mode: 'equals', value: JSON.stringify(equals) }
        : { pointer, mode: 'glob', value: glob },
    ),
    direction: rule.direction,
    expires_at: rule.expires_at,
    shadow: rule.shadow,
    matches: rule.examples.matches.join('\n'),
    does_not_match: rule.examples.does_not_match.join('\n'),
    note: rule.note ?? '',
  };
}

/** What is sent. Fields of other kinds are left out: a tool's matchers mean nothing to a command. */
export function ruleOfDraft(draft: RuleDraft): NewRule {
  return {
    effect: draft.effect,
    kind: draft.kind,
    pattern_type: draft.pattern_type,
    pattern: draft.pattern,
    scope: draft.scope,
    agent_id: draft.agent_id,
    shell: draft.kind === 'command' ? draft.shell : null,
    cwd: draft.kind === 'command' && draft.cwd !== '' ? draft.cwd : null,
    pipeline: draft.kind === 'command' && draft.pipeline,
    matchers: draft.kind === 'tool_call' ? draft.matchers.map(matcherOf) : [],
    direction: draft.kind === 'file_transfer' ? draft.direction : null,
    expires_at: draft.expires_at,
    shadow: draft.shadow,
    examples: { matches: linesOf(draft.matches), does_not_match: linesOf(draft.does_not_match) },
    note: draft.note === '' ? null : draft.note,
  };
}

function matcherOf({ pointer, mode, value }: RuleDraft['matchers'][number]): NonNullable<NewRule['matchers']>[number] {
  return mode === 'glob' ? { pointer, glob: value } : { pointer, equals: jsonOrText(value) };
}

/** `3`, `true` and `{"a":1}` are JSON; anything that is not stands for itself as text. */
function jsonOrText(value: string): NonNullable<NonNullable<NewRule['matchers']>[number]['equals']> | null {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** The value of a date-and-time field, in the reader's zone; empty when there is none. */
export function localDateTime(at: string | null): string {
  if (at === null) return '';
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocalDateTime(text: string): string | null {
  const moment = new Date(text);
  return text === '' || Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
