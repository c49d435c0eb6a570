import { findSuspiciousCharacters } from '@expacti/shell';
import { memo, useMemo } from 'react';
import { Chip } from './chip.js';
import { segmentsOf } from './segments.js';

interface InertTextProps {
  text: string;
  /** Line breaks stay line breaks; otherwise they are shown as a mark, so that one line stays one line. */
  multiline?: boolean;
  /** Sentences: typographic quotes are only punctuation there, while in a command they pass for real ones. */
  prose?: boolean;
}

const TYPOGRAPHIC = new Set([...'“”„‟‘’‚‛«»–—'].map((sign) => sign.codePointAt(0)));

/**
 * Text that an agent, or anybody else, wrote: never markup, and with every character that would hide, reorder or imitate
 * made visible. Whatever is shown from outside goes through here or through CommandText.
 */
export const InertText = memo(function InertText({ text, multiline = false, prose = false }: InertTextProps) {
  const segments = useMemo(() => {
    const suspects = findSuspiciousCharacters(text);
    return segmentsOf(text, [], prose ? suspects.filter(({ codepoint }) => !TYPOGRAPHIC.has(codepoint)) : suspects);
  }, [text, prose]);
  return (
    <span className={multiline ? 'exact-text whitespace-pre-wrap' : 'exact-text'}>
      {segments.map(({ start, text: part, chip }) => {
        if (chip === null) return <span key={start}>{part}</span>;
        if (multiline && part === '\n') return <span key={start}>{part}</span>;
        return <Chip key={start} {...chip} />;
      })}
    </span>
  );
});
