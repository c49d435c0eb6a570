/** What an audit entry is about, in one line: the command, the pattern, the name, or what was changed. Empty when unclear. */
export function auditSummary(data: Record<string, unknown>): string {
  for (const part of [
    data,
    objectOf(data.approval),
    objectOf(data.command),
    objectOf(data.rule),
    objectOf(data.session),
  ]) {
    const text = textOf(part?.command) ?? textOf(part?.pattern) ?? textOf(part?.name);
    if (text) return text;
  }
  return fieldsSummary(objectOf(data.fields) ?? {});
}

/** Entries about settings carry `fields`, either plain or as `{before, after}`. */
function fieldsSummary(fields: Record<string, unknown>): string {
  const named = textOf(afterOf(fields.pattern)) ?? textOf(afterOf(fields.email)) ?? textOf(afterOf(fields.name));
  return named ?? Object.keys(fields).join(', ');
}

function afterOf(field: unknown): unknown {
  return objectOf(field)?.after ?? field;
}

export function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
