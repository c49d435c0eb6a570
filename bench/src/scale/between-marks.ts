const BEGIN = '<!-- tables: begin -->';
const END = '<!-- tables: end -->';

/**
 * A page with other tables between its two marks.
 * @throws Error when it has no such marks
 */
export function withTables(page: string, tables: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page has no place for tables: ${BEGIN} … ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${page.slice(end)}`;
}
