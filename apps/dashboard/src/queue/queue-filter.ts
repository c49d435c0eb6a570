import type { Approval, RiskLevel } from '../api/types.js';
import { QUEUE_SORTS, type QueueSort } from './queue-order.js';

const LEVELS: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

/** What the address holds of the queue's view. */
export interface QueueSearch {
  q?: string;
  risk?: RiskLevel;
  agent?: string;
  target?: string;
  sort?: QueueSort;
}

/** Reads the address, dropping what is not understood: an old or mangled link still opens the queue. */
export function readQueueSearch(raw: Record<string, unknown>): QueueSearch {
  const text = (name: string) => (typeof raw[name] === 'string' && raw[name] !== '' ? raw[name] : undefined);
  const risk = LEVELS.find((level) => level === raw.risk);
  const sort = QUEUE_SORTS.find((known) => known === raw.sort);
  const search: QueueSearch = {};
  const q = text('q');
  const agent = text('agent');
  const target = text('target');
  if (q) search.q = q;
  if (agent) search.agent = agent;
  if (target) search.target = target;
  if (risk) search.risk = risk;
  if (sort && sort !== 'risk') search.sort = sort;
  return search;
}

export function filterQueue(approvals: readonly Approval[], search: QueueSearch): Approval[] {
  const needle = search.q?.toLowerCase();
  return approvals.filter(
    (approval) =>
      (!search.risk || approval.risk.level === search.risk) &&
      (!search.agent || approval.agent.id === search.agent) &&
      (!search.target || approval.target === search.target) &&
      (!needle || haystack(approval).includes(needle)),
  );
}

function haystack(approval: Approval): string {
  return [approval.command, approval.agent.name, approval.target ?? '', approval.reason ?? '', approval.id]
    .join('\n')
    .toLowerCase();
}

export function isFiltered(search: QueueSearch): boolean {
  return Boolean(search.q || search.risk || search.agent || search.target);
}
