import type { CommandKind } from '../api/types.js';

export const PERIODS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;
export type Period = keyof typeof PERIODS;

const STATUSES = ['pending', 'allowed', 'denied'] as const;
const SOURCES = ['rule', 'reviewer', 'timeout', 'policy', 'cancelled', 'error'] as const;
const KINDS: readonly CommandKind[] = ['command', 'tool_call', 'file_transfer'];

/** What the address holds of the history's view. */
export interface HistorySearch {
  q?: string;
  status?: (typeof STATUSES)[number];
  source?: (typeof SOURCES)[number];
  kind?: CommandKind;
  agent?: string;
  target?: string;
  rule?: string;
  period?: Period;
}

/** Reads the address, dropping what is not understood. */
export function readHistorySearch(raw: Record<string, unknown>): HistorySearch {
  const text = (name: string) => (typeof raw[name] === 'string' && raw[name] !== '' ? { [name]: raw[name] } : {});
  const status = STATUSES.find((known) => known === raw.status);
  const source = SOURCES.find((known) => known === raw.source);
  const kind = KINDS.find((known) => known === raw.kind);
  const period = (Object.keys(PERIODS) as Period[]).find((known) => known === raw.period);
  return {
    ...text('q'),
    ...text('agent'),
    ...text('target'),
    ...text('rule'),
    ...(status && { status }),
    ...(source && { source }),
    ...(kind && { kind }),
    ...(period && { period }),
  };
}

/** The same as the server asks for it. The period is cut to the minute, so that drawing again does not ask again. */
export function historyQuery(search: HistorySearch, now: number): Record<string, string | undefined> {
  const since = search.period && new Date(Math.floor((now - PERIODS[search.period]) / 60_000) * 60_000).toISOString();
  return {
    q: search.q,
    status: search.status,
    source: search.source,
    kind: search.kind,
    agent_id: search.agent,
    target: search.target,
    rule_id: search.rule,
    since,
  };
}
