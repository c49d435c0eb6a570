/**
 * Resolves as soon as `condition` returns something true, looking again after each turn of the event loop; never
 * sleeps. Rejects after `withinMs` of real time, so that a test fails with a reason instead of hanging.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  description = 'the condition',
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`${description} did not come true within ${withinMs} ms`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
