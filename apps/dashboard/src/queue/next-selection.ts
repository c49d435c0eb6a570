/**
 * What to look at after some rows were decided: the next one down that still waits, else the nearest above, else nothing.
 * @param order ids as they were listed when the decision was made
 * @param gone ids that were decided
 */
export function nextSelection(order: readonly string[], gone: ReadonlySet<string>, current: string): string | null {
  const position = order.indexOf(current);
  if (position === -1) return order.find((id) => !gone.has(id)) ?? null;
  const below = order.slice(position + 1).find((id) => !gone.has(id));
  return below ?? order.slice(0, position).findLast((id) => !gone.has(id)) ?? null;
}

/** The row one step away; the ends hold. With nothing selected, the first. */
export function neighbour(order: readonly string[], current: string | undefined, step: 1 | -1): string | null {
  if (order.length === 0) return null;
  const position = current === undefined ? -1 : order.indexOf(current);
  if (position === -1) return order[0] ?? null;
  return order[Math.min(order.length - 1, Math.max(0, position + step))] ?? null;
}
