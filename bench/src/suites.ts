import type { Figure } from './figure.js';

interface Suite {
  run(): Promise<Figure[]>;
}

/** What `ONLY` may name, in the order in which it is measured. */
export const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  gateway: () => import('./gateway/whitelisted-command.js'),
  approval: () => import('./gateway/approval-unblocks.js'),
  distributed: () => import('./distributed/distributed.js'),
  queue: () => import('./queue/full-queue.js'),
  startup: () => import('./startup/startup.js'),
  dashboard: () => import('./startup/dashboard-size.js'),
  policy: () => import('./policy-decision.js'),
};
