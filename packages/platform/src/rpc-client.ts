import { RPC, type RpcPattern, type RpcRequest, type RpcResponse } from '@expacti/contracts';
import type { Rpc } from '@expacti/messaging';

/** Asks another service, typed and checked by the contract; throws ExpactiError (UNAVAILABLE when nobody answers in time). */
export interface RpcClient {
  ask<P extends RpcPattern>(
    pattern: P,
    request: RpcRequest<P>,
    options?: { timeoutMs?: number },
  ): Promise<RpcResponse<P>>;
}

export const createRpcClient = (rpc: Rpc): RpcClient => ({
  async ask(pattern, request, options) {
    const answer = await rpc.request<unknown>(pattern, request, options);
    // The answering side validated what it was asked; the asking side validates what it got.
    return RPC[pattern].response.parse(answer) as RpcResponse<typeof pattern>;
  },
});
