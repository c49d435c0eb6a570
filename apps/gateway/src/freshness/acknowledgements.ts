import type { RpcPattern } from '@expacti/contracts';
import type { Clock, Logger, RpcClient } from '@expacti/platform';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** Longer than anybody waits for it. */
const REPEATED_FOR_MS = 60_000;

/**
 * Tells an authority that a change is in force here, and tells it again while that is not answered: were the word lost,
 * whoever made the change would wait for a gateway that is well. Saying it twice is harmless.
 *
 * A lease that lapses meanwhile makes it no less true (what was learnt before is forgotten then, what is read afterwards
 * is newer), and the authority may not even notice: by its own count the lease ends later.
 */
export class Acknowledgements {
  #isStopped = false;
  readonly #endPauses = new Set<() => void>();

  constructor(
    private readonly pattern: Extract<RpcPattern, 'policy.acknowledge' | 'identity.acknowledge'>,
    private readonly gatewayId: string,
    private readonly rpc: RpcClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Resolves when the authority has heard it, or it was given up. Never rejects. */
  async give(org: string, version: number): Promise<void> {
    const { pattern } = this;
    const giveUpAt = this.clock.elapsed() + REPEATED_FOR_MS;
    for (let pauseMs = FIRST_PAUSE_MS; !this.#isStopped; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.rpc.ask(pattern, { gateway_id: this.gatewayId, org, version }, { timeoutMs: 2_000 });
        return;
      } catch (error) {
        if (this.#isStopped) return;
        if (this.clock.elapsed() + pauseMs > giveUpAt) {
          this.logger.error({ err: error, pattern, org, version }, 'a change could not be acknowledged');
          return;
        }
        this.logger.warn({ err: error, pattern, org, version }, 'a change is not acknowledged yet');
      }
      await this.#pause(pauseMs);
    }
  }

  /** Ends what is being repeated: nobody waits for a process that lets its lease lapse. */
  stop(): void {
    this.#isStopped = true;
    for (const end of this.#endPauses) end();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#endPauses.delete(end);
        cancel();
        resolve();
      };
      const cancel = this.clock.schedule(ms, end);
      this.#endPauses.add(end);
    });
  }
}
