/** The store cannot do its work now: unreachable, too slow, full, forbidden or gone. Nothing was half-done; ask again. */
export class BlobsUnavailable extends Error {
  override readonly name = 'BlobsUnavailable';
  readonly code = 'UNAVAILABLE';
  readonly retryable = true;
}

/** Runs one step against the store; whatever it throws becomes a `BlobsUnavailable` that keeps its cause. */
export async function orUnavailable<T>(doing: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw unavailable(doing, error);
  }
}

export function unavailable(doing: string, error: unknown): BlobsUnavailable {
  if (error instanceof BlobsUnavailable) return error;
  return new BlobsUnavailable(`Could not ${doing}: ${error}`, { cause: error });
}
