/** How a failing delivery is repeated. */
export interface DeliveryPolicy {
  /** After this many failures the event goes to the dead letters. */
  readonly maxAttempts: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A handler that has not settled by then counts as failed. */
  readonly ackTimeoutMs: number;
}

/** Tries for a minute and a half before giving up. */
export const defaultDeliveryPolicy: DeliveryPolicy = {
  maxAttempts: 12,
  firstDelayMs: 50,
  longestDelayMs: 30_000,
  ackTimeoutMs: 60_000,
};

/** The pause after the n-th failure: doubles each time. Lanes are per key, so there is no herd to scatter by jitter. */
export function pauseAfter(failures: number, policy: DeliveryPolicy): number {
  return Math.min(policy.firstDelayMs * 2 ** Math.min(failures - 1, 30), policy.longestDelayMs);
}
