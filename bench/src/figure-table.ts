import type { Figure } from './figure.js';

const HEAD = ['figure', 'value', 'floor', 'ratio', 'goal', ''];
/** These columns read as text; the others are numbers, set to the right. */
const TEXT_COLUMNS = new Set([0, 4, 5]);

/** One table of all suites. */
export function figureTable(results: Readonly<Record<string, readonly Figure[]>>): string {
  const rows = Object.values(results).flatMap((figures) => figures.map(cells));
  const floors = new Set(Object.values(results).flatMap((figures) => figures.map(({ floorName }) => floorName)));
  const numbers = [...floors];
  for (const [at, figure] of Object.values(results).flat().entries()) {
    const row = rows[at];
    if (row) row[2] = `${row[2]} [${numbers.indexOf(figure.floorName) + 1}]`;
  }
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) =>
        TEXT_COLUMNS.has(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const notes = numbers.map((name, at) => `[${at + 1}] ${name}`);
  return `${['', line(HEAD), rule, ...rows.map(line), '', 'floors', ...notes].join('\n')}\n`;
}

function cells({ name, value, unit, floor, ratio, goal, met }: Figure): string[] {
  const verdict = met === undefined ? '' : met ? 'met' : 'MISSED';
  return [
    name,
    `${short(value)} ${unit}`,
    short(floor),
    Number.isNaN(ratio) ? '–' : `${short(ratio)}×`,
    goal ?? '',
    verdict,
  ];
}

/** Three digits that mean something. */
function short(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}
