import type { Bus, BusEvent, EphemeralOptions, SubscribeOptions } from '@expacti/messaging';

/** A real bus behind a process that stands still for a while: what it has made durable is told later. */
export class StallingBus implements Bus {
  #stall: Promise<void> = Promise.resolve();

  constructor(private readonly bus: Bus) {}

  /** From now on nobody hears that something is durable; the answer ends that. */
  stall(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stall = promise;
    return resolve;
  }

  async publish(events: readonly BusEvent[]): Promise<void> {
    await this.bus.publish(events);
    await this.#stall;
  }

  subscribe(options: SubscribeOptions) {
    return this.bus.subscribe(options);
  }

  subscribeEphemeral(options: EphemeralOptions) {
    return this.bus.subscribeEphemeral(options);
  }

  deadLetters(group?: string) {
    return this.bus.deadLetters(group);
  }

  replay(id: string) {
    return this.bus.replay(id);
  }

  close() {
    return this.bus.close();
  }
}
