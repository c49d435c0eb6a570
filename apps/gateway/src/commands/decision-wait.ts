import type { AgentPrincipal, Command } from '@expacti/contracts';
import { CLOCK, type Clock } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CommandService } from './command-service.js';
import { DecisionWaiters } from './decision-waiters.js';

/** The long poll: waits for a decision without asking the database again and again. */
@Injectable()
export class DecisionWait {
  /** Ends each wait that goes on. */
  readonly #endings = new Set<() => void>();
  #isEnding = false;

  constructor(
    @Inject(CommandService) private readonly commands: CommandService,
    @Inject(DecisionWaiters) private readonly waiters: DecisionWaiters,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Starts to listen; `until` resolves when the command was decided, or when the time is over. */
  listen(commandId: string): { until(seconds: number): Promise<void>; stop(): void } {
    const { promise: closed, resolve: decided } = Promise.withResolvers<void>();
    const stop = this.waiters.add(commandId, { mayReceiveReceipt: true, onClosed: () => decided() });
    const until = async (seconds: number) => {
      if (this.#isEnding) return stop();
      const cancel = this.clock.schedule(seconds * 1_000, decided);
      this.#endings.add(decided);
      await closed;
      this.#endings.delete(decided);
      cancel();
      stop();
    };
    return { until, stop };
  }

  /** The server stops: whoever waits is answered with what is true now, and asks again elsewhere or later. */
  endAll(): void {
    this.#isEnding = true;
    for (const end of this.#endings) end();
  }

  /** The command as it stands when it is decided or the time is over. */
  async forDecision(agent: AgentPrincipal, id: string, seconds: number): Promise<Command> {
    const listening = this.listen(id);
    try {
      const command = await this.commands.get(agent, id);
      if (command.status !== 'pending' || seconds === 0) return command;
      await listening.until(seconds);
      return await this.commands.get(agent, id);
    } finally {
      listening.stop();
    }
  }
}
