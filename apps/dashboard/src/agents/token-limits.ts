import type { AgentToken } from '../api/types.js';

/** Where a token may be used, in one line. */
export function tokenLimits({ targets, shells, kinds }: Pick<AgentToken, 'targets' | 'shells' | 'kinds'>): string {
  const parts = [
    targets === null ? 'any target' : targets.length === 0 ? 'no target' : `on ${targets.join(', ')}`,
    ...(shells === null ? [] : [shells.join(', ')]),
    ...(kinds === null ? [] : [kinds.map((kind) => kind.replace('_', ' ')).join(', ')]),
  ];
  return parts.join(' · ');
}
