import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import type { Bus, BusEvent } from '../bus.js';
import type { Rpc } from '../rpc.js';

/**
 * Nest's client over our ports: `send(pattern, payload)` asks, `emit(type, event)` publishes. `emit` publishes without
 * being subscribed to; what it returns completes when the event is durable.
 */
export class ServiceClient extends ClientProxy {
  readonly #bus: Bus;
  readonly #rpc: Rpc;

  constructor(ports: { readonly bus: Bus; readonly rpc: Rpc }) {
    super();
    this.#bus = ports.bus;
    this.#rpc = ports.rpc;
  }

  async connect(): Promise<void> {}

  async close(): Promise<void> {}

  override unwrap<T>(): T {
    return { bus: this.#bus, rpc: this.#rpc } as T;
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    let isDropped = false;
    const answer = (reply: WritePacket): void => {
      if (!isDropped) callback(reply);
    };
    this.#rpc.request(String(packet.pattern), packet.data).then(
      (response) => answer({ response: response ?? null, isDisposed: true }),
      (err: unknown) => answer({ err, isDisposed: true }),
    );
    return () => {
      isDropped = true;
    };
  }

  protected async dispatchEvent<T>(packet: ReadPacket<BusEvent>): Promise<T> {
    if (packet.data.type !== packet.pattern) {
      throw new Error(`The event's type '${packet.data.type}' is not the pattern '${String(packet.pattern)}'`);
    }
    await this.#bus.publish([packet.data]);
    return undefined as T;
  }
}
