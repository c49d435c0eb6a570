import { findSuspiciousCharacters } from './display/suspicious-characters.js';
import { isPlainAscii } from './forbidden-characters.js';

const LONG_LINE = 1_000;
const PADDING = /\S[ \t]{40,}\S|\n(?:[ \t]*\n){8,}/;

/** What a reviewer should know about the text itself, and whether its characters keep pattern rules away. */
export function warningsAbout(source: string): { warnings: string[]; misleading: boolean } {
  const warnings: string[] = [];
  let misleading = false;
  if (!isPlainAscii(source)) {
    const labels = new Set<string>();
    for (const { codepoint, label, kind } of findSuspiciousCharacters(source)) {
      if (codepoint === 0x0a || codepoint === 0x09) continue;
      misleading = true;
      labels.add(
        kind === 'invisible'
          ? `An invisible character stands in the line: ${label}.`
          : `A character misleads: ${label}.`,
      );
    }
    warnings.push(...labels);
  }
  if (source.length > LONG_LINE) warnings.push(`The line is very long: ${source.length} characters.`);
  if (PADDING.test(source)) warnings.push('Wide empty space in the line may push a part of it out of sight.');
  return { warnings, misleading };
}
