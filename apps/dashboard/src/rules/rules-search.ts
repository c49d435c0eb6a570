import type { CommandKind } from '../api/types.js';

const EFFECTS = ['allow', 'deny', 'review'] as const;
const TYPES = ['exact', 'glob', 'regex'] as const;
const KINDS: readonly CommandKind[] = ['command', 'tool_call', 'file_transfer'];

/** What the address holds of the view of the rules. */
export interface RulesSearch {
  q?: string;
  effect?: (typeof EFFECTS)[number];
  type?: (typeof TYPES)[number];
  kind?: CommandKind;
}

/** Reads the address, dropping what is not understood. */
export function readRulesSearch(raw: Record<string, unknown>): RulesSearch {
  const effect = EFFECTS.find((known) => known === raw.effect);
  const type = TYPES.find((known) => known === raw.type);
  const kind = KINDS.find((known) => known === raw.kind);
  return {
    ...(typeof raw.q === 'string' && raw.q !== '' && { q: raw.q }),
    ...(effect && { effect }),
    ...(type && { type }),
    ...(kind && { kind }),
  };
}
