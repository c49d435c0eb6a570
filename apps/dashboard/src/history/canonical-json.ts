/**
 * JSON as RFC 8785 writes it: keys in the order of their UTF-16 units, no spaces, numbers as ECMAScript prints them.
 * @param value what `JSON.parse` gave: no cycles, no undefined, no NaN
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}
