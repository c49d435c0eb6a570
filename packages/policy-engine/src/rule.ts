import type { Shell } from '@expacti/shell';

/** Where a rule is in force: everywhere, on the targets of one group, or on one target (ids, not names). */
export type RuleScope = { type: 'global' } | { type: 'group'; id: string } | { type: 'target'; id: string };

export type RuleEffect = 'allow' | 'deny' | 'review';
export type RuleKind = 'command' | 'tool_call' | 'file_transfer';
export type PatternType = 'exact' | 'glob' | 'regex';
export type TransferDirection = 'upload' | 'download';

/** A condition on one place of a tool call's arguments (`pointer`: RFC 6901). All of a rule's matchers must hold. */
export interface ArgumentMatcher {
  pointer: string;
  equals?: unknown;
  glob?: string | undefined;
}

/** The approval that made a rule: how many people, and which roles and groups they stood for. */
export interface ApprovalStrength {
  approvers: number;
  roles: readonly string[];
  groups: readonly string[];
}

/** One rule as it is judged. Optional fields that are null or absent do not restrict. */
export interface Rule {
  id: string;
  effect: RuleEffect;
  kind: RuleKind;
  pattern_type: PatternType;
  /** Command line, glob or regex (`command`), tool name (`tool_call`), path (`file_transfer`). */
  pattern: string;
  scope: RuleScope;
  agent_id?: string | null;
  session_id?: string | null;
  shell?: Shell | null;
  cwd?: string | null;
  /** The command may stand behind a pipe although it is not a known pure filter. */
  pipeline?: boolean;
  /** Epoch milliseconds; from that moment on the rule is not in force. */
  expires_at?: number | null;
  /** Decides nothing; reported in `shadow_rule_ids` where it would have made a difference. */
  shadow?: boolean;
  examples?: { matches?: readonly string[]; does_not_match?: readonly string[] };
  /** For `tool_call`. */
  matchers?: readonly ArgumentMatcher[];
  /** For `file_transfer`. */
  direction?: TransferDirection | null;
  /** The person that the rule stands on. */
  created_by_id?: string | null;
  /** What the rule was approved with; absent counts as one approver of no particular role. */
  approved_for?: ApprovalStrength | null;
}
