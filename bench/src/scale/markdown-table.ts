/** A table as Markdown reads it, with columns that line up in plain text, too. Numbers are set to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? threeDigits(cell) : cell)));
  const widths = head.map((title, at) => Math.max(title.length, 3, ...texts.map((row) => row[at]?.length ?? 0)));
  const isNumber = head.map((_, at) => at > 0);
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => (isNumber[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (isNumber[at] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...texts.map(line)].join('\n');
}

/** Three digits that mean something; whole from 100 on. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}
