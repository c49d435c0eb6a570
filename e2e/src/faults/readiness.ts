import type { DistributedSystem } from '../support/distributed-system.js';

/** What a process says that is wrong with it; none where it is ready; null where it does not answer. */
export async function troubles(url: string): Promise<readonly string[] | null> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    const { checks } = (await response.json()) as { checks: { name: string; ok: boolean }[] };
    return response.ok ? [] : checks.filter(({ ok }) => !ok).map(({ name }) => name);
  } catch {
    return null;
  }
}

export async function areReady({ processes }: DistributedSystem): Promise<boolean> {
  const all = await Promise.all(processes.map(({ url }) => troubles(url)));
  return all.every((found) => found?.length === 0);
}

export const pidsOf = ({ processes }: DistributedSystem): number[] => processes.map(({ pid }) => pid);
