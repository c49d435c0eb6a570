import type { Requirement } from './approval/requirement.js';

export type Verdict = 'allow' | 'deny' | 'review';

/** One command that the line could run, and how it was judged. */
export interface JudgedCommand {
  /** Null where a word is not literal. */
  argv: string[] | null;
  text: string;
  /** The parts of words whose value is unknown before the line runs, as written. */
  dynamic: string[];
  context: string[];
  verdict: Verdict;
  rule_id: string | null;
  reasons: string[];
}

/** The verdict on a request with its whole explanation. */
export interface Decision {
  verdict: Verdict;
  parseable: boolean;
  /** The rules that made the verdict, in the order in which the parts name them; empty when no rule spoke. */
  rule_ids: string[];
  reasons: string[];
  commands: JudgedCommand[];
  /** Rules in shadow that would have changed the verdict. */
  shadow_rule_ids: string[];
  /** The approval that the request needs (also when a rule allows it). */
  requirement: Requirement;
}
