/** What one field was and is. */
export interface FieldChange {
  before: unknown;
  after: unknown;
}
export type FieldChanges = Record<string, FieldChange>;

type Fields = Readonly<Record<string, unknown>>;

/** The fields in which `after` differs from `before`, for the record of the change. Give it only what may be read by auditors. */
export function fieldChanges(before: Fields, after: Fields): FieldChanges {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes: FieldChanges = {};
  for (const name of names) {
    const change = { before: before[name] ?? null, after: after[name] ?? null };
    if (JSON.stringify(change.before) !== JSON.stringify(change.after)) changes[name] = change;
  }
  return changes;
}

/** All fields of something new. */
export const newFields = (after: Fields): FieldChanges => fieldChanges({}, after);

/** All fields of something that goes. */
export const goneFields = (before: Fields): FieldChanges => fieldChanges(before, {});
