/** Answers one pattern. What it throws as `ExpactiError` crosses to the asker; anything else becomes `INTERNAL`. */
export type RpcResponder = (payload: unknown) => Promise<unknown>;

/** How long an asker waits by default. */
export const DEFAULT_RPC_TIMEOUT_MS = 5_000;

/**
 * Request and reply between services. Payloads and answers cross as JSON. A request without an answer in time, or that
 * nobody answers, rejects with `RpcError` `UNAVAILABLE` (retryable), and never with anything that reads like a decision;
 * a reply that comes after that is dropped. The work behind a timed-out request may still happen.
 */
export interface Rpc {
  request<T>(pattern: string, payload: unknown, options?: { readonly timeoutMs?: number }): Promise<T>;

  /** At most one responder per pattern in a process. Returns what ends it. */
  respond(pattern: string, responder: RpcResponder): () => void;

  close(): Promise<void>;
}
