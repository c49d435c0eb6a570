import { findSuspiciousCharacters } from '@expacti/shell';
import { memo, useMemo } from 'react';
import { Chip } from './chip.js';
import { segmentsOf } from './segments.js';

interface InertTextProps {
  text: string;
  /** Line breaks stay line breaks; otherwise they are shown as a mark, so that one line stays one line. */
  multiline?: boolean;
}

/**
 * Text that an agent, or anybody else, wrote: never markup, and with every character that would hide, reorder or imitate
 * made visible. Whatever is shown from outside goes through here or through CommandText.
 */
export const InertText = memo(function InertText({ text, multiline = false }: InertTextProps) {
  const segments = useMemo(() => segmentsOf(text, [], findSuspiciousCharacters(text)), [text]);
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
