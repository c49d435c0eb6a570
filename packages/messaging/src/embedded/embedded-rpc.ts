import { DEFAULT_RPC_TIMEOUT_MS, type Rpc, type RpcResponder } from '../rpc.js';
import { errorOnWire, RpcError } from '../rpc-error.js';

/** Told of errors that an asker only sees as `INTERNAL`. */
export type ReportRpcError = (pattern: string, error: unknown) => void;

/** Request and reply within one process. Everything crosses as JSON text, as it would between two. */
export class EmbeddedRpc implements Rpc {
  readonly #responders = new Map<string, RpcResponder>();
  readonly #report: ReportRpcError;
  #isClosed = false;

  constructor(report: ReportRpcError = () => undefined) {
    this.#report = report;
  }

  async request<T>(pattern: string, payload: unknown, options: { readonly timeoutMs?: number } = {}): Promise<T> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_RPC_TIMEOUT_MS;
    const answer = this.#answer(pattern, JSON.stringify(payload ?? null));
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(
          new RpcError(pattern, { code: 'UNAVAILABLE', detail: `No answer to ${pattern} within ${timeoutMs} ms.` }),
        );
      }, timeoutMs);
    });
    try {
      const text = await Promise.race([answer, deadline]);
      return (text === undefined ? undefined : JSON.parse(text)) as T;
    } finally {
      clearTimeout(timer);
    }
  }

  respond(pattern: string, responder: RpcResponder): () => void {
    if (this.#responders.has(pattern)) throw new Error(`'${pattern}' has a responder already`);
    this.#responders.set(pattern, responder);
    return () => {
      if (this.#responders.get(pattern) === responder) this.#responders.delete(pattern);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#responders.clear();
  }

  /** The answer as JSON text; nothing for an answer of nothing. */
  async #answer(pattern: string, request: string): Promise<string | undefined> {
    const responder = this.#responders.get(pattern);
    if (responder === undefined || this.#isClosed) {
      throw new RpcError(pattern, { code: 'UNAVAILABLE', detail: `Nobody answers ${pattern} now.` });
    }
    try {
      return JSON.stringify(await responder(JSON.parse(request)));
    } catch (error) {
      const wire = errorOnWire(error);
      if (wire.code === 'INTERNAL') this.#report(pattern, error);
      throw new RpcError(pattern, wire);
    }
  }
}
