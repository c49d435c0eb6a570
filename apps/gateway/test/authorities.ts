import { ExpactiError, type RpcHandled, type RpcPattern, type RpcRequest, type RpcResponse } from '@expacti/contracts';
import { EmbeddedRpc, type Rpc } from '@expacti/messaging';
import { createRpcClient, type RpcClient } from '@expacti/platform';
import { orgSettings } from './fixtures.js';

type Answer<P extends RpcPattern> = (request: RpcHandled<P>) => RpcResponse<P> | Promise<RpcResponse<P>>;

/** The other services as the gateway meets them, over a real RPC (the embedded one by default), with the test's answers. */
export class Authorities {
  readonly #rpc: Rpc;
  readonly #endings = new Map<RpcPattern, () => void>();
  readonly client: RpcClient;
  /** Every question, in order. */
  readonly asked: { pattern: RpcPattern; request: unknown }[] = [];

  constructor(rpc: Rpc = new EmbeddedRpc()) {
    this.#rpc = rpc;
    this.client = createRpcClient(rpc);
    this.answer('policy.renew_lease', () => ({ lease_ms: 2_000 }));
    this.answer('identity.renew_lease', () => ({ lease_ms: 2_000 }));
    this.answer('policy.acknowledge', () => ({}));
    this.answer('identity.acknowledge', () => ({}));
    this.answer('identity.org', ({ org }) => orgSettings({ id: org }));
  }

  /** Answers a question from now on. */
  answer<P extends RpcPattern>(pattern: P, give: Answer<P>): void {
    this.#endings.get(pattern)?.();
    const end = this.#rpc.respond(pattern, async (request) => {
      this.asked.push({ pattern, request });
      return give(request as RpcHandled<P>);
    });
    this.#endings.set(pattern, end);
  }

  /** Fails a question from now on, as a service does whose database is away. */
  fail(pattern: RpcPattern): void {
    this.answer(pattern, () => {
      throw new ExpactiError('UNAVAILABLE');
    });
  }

  questions<P extends RpcPattern>(pattern: P): RpcRequest<P>[] {
    return this.asked.filter((one) => one.pattern === pattern).map(({ request }) => request as RpcRequest<P>);
  }
}

/** A promise that the test settles. */
export function held<T>(): { promise: Promise<T>; give(value: T): void; fail(error: Error): void } {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { promise, give: resolve, fail: reject };
}
