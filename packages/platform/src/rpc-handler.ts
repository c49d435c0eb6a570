import { parseOrRefuse, RPC, type RpcHandled, type RpcPattern, type RpcResponse } from '@expacti/contracts';
import { MessagePattern } from '@nestjs/microservices';

type Handler<P extends RpcPattern> = (request: RpcHandled<P>) => Promise<RpcResponse<P>>;

/**
 * Marks a method as the answer to one RPC pattern. The request is parsed by the contract before the method sees it, so
 * that a service never trusts the shape of what another process sent.
 */
export function RpcHandler<P extends RpcPattern>(pattern: P) {
  return (target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<Handler<P>>): void => {
    const handler = descriptor.value;
    if (!handler) throw new TypeError('RpcHandler decorates methods');
    descriptor.value = async function parsed(this: unknown, request: RpcHandled<P>) {
      return handler.call(this, parseOrRefuse(RPC[pattern].request, request) as RpcHandled<P>);
    };
    MessagePattern(pattern)(target, key, descriptor);
  };
}
