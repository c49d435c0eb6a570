import type { Timeout } from '../api/types.js';

export interface Bounds {
  least: number;
  most: number;
}

/** How long each action may wait, in seconds. */
export function boundsOf(action: Timeout['action']): Bounds {
  return { least: 30, most: action === 'hold' ? 86_400 : 600 };
}

/** The seconds that fit an action's bounds, nearest to what was chosen. */
export function fitted(action: Timeout['action'], seconds: number): number {
  const { least, most } = boundsOf(action);
  return Math.min(most, Math.max(least, seconds));
}

/** What happens to a request that nobody answers, in one sentence. */
export const ACTIONS: { action: Timeout['action']; label: string; explains: string }[] = [
  { action: 'deny', label: 'Deny it', explains: 'The agent is told that the time ran out. The safest choice.' },
  {
    action: 'hold',
    label: 'Keep it waiting',
    explains: 'It waits until somebody decides or the agent gives up; at the end it is denied.',
  },
  {
    action: 'allow',
    label: 'Let it run when the risk is low',
    explains:
      'Discouraged. Only low-risk commands that are fully understood run unanswered; everything else is denied. Each one is marked in the audit log.',
  },
];
