import type { Clock } from '@expacti/platform';

/** Nothing stays longer than this without being asked for again, where the authority answers. */
export const LONGEST_UNCONFIRMED_MS = 60_000;
const SOONEST_MS = 30_000;
/** Leaves the answer time to come. */
const LATEST_MS = 50_000;
const AGAIN_AFTER_MS = 5_000;

/**
 * Has what is held of each org confirmed every now and then, should the news of a change have been lost. Orgs that came at
 * the same time are asked about at different ones.
 */
export class ConfirmationRounds {
  /** By org: what cancels the next one. */
  readonly #next = new Map<string, () => void>();
  #isStopped = false;

  /** @param confirm says whether it could be told; otherwise it is asked again soon. Never rejects. */
  constructor(
    private readonly clock: Clock,
    private readonly confirm: (org: string) => Promise<boolean>,
  ) {}

  /** What is held of the org is current now: counts anew. */
  restart(org: string): void {
    this.#schedule(org, SOONEST_MS + Math.random() * (LATEST_MS - SOONEST_MS));
  }

  forget(org: string): void {
    this.#next.get(org)?.();
    this.#next.delete(org);
  }

  forgetAll(): void {
    for (const org of [...this.#next.keys()]) this.forget(org);
  }

  stop(): void {
    this.#isStopped = true;
    this.forgetAll();
  }

  #schedule(org: string, delayMs: number): void {
    this.forget(org);
    if (this.#isStopped) return;
    const cancel = this.clock.schedule(delayMs, () => void this.#ask(org, cancel));
    this.#next.set(org, cancel);
  }

  async #ask(org: string, asking: () => void): Promise<void> {
    const isConfirmed = await this.confirm(org);
    // Otherwise it was brought up or forgotten meanwhile.
    if (this.#next.get(org) !== asking) return;
    if (isConfirmed) this.restart(org);
    else this.#schedule(org, AGAIN_AFTER_MS);
  }
}
