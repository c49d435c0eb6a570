import { escapeText } from '@expacti/shell';

/**
 * Sentences of the server or of a person, safe for a terminal. Typographic quotation marks, which the server's own
 * sentences use, become plain ones instead of being spelled out. Not for commands: those are shown by `escapeText` alone.
 */
export const prose = (text: string): string =>
  escapeText(text.replace(/[\u201c\u201d\u201e]/g, '"').replace(/[\u2018\u2019]/g, "'"));
