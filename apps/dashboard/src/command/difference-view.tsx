import { useMemo } from 'react';
import { differenceOf } from './difference.js';
import { InertText } from './inert-text.js';

/** What an edit changed: removed words struck out, added words underlined; never by colour alone. */
export default function DifferenceView({ before, after }: { before: string; after: string }) {
  const parts = useMemo(() => differenceOf(before, after), [before, after]);
  let offset = 0;
  return (
    <code className="exact-text block whitespace-pre-wrap wrap-anywhere">
      {parts.map((part) => {
        const key = offset;
        offset += part.text.length + 1;
        const text = <InertText text={part.text} multiline />;
        if (part.kind === 'removed') {
          return (
            <del key={key} className="bg-critical-soft text-critical decoration-2">
              {text}
            </del>
          );
        }
        if (part.kind === 'added') {
          return (
            <ins key={key} className="bg-low-soft text-low decoration-2">
              {text}
            </ins>
          );
        }
        return <span key={key}>{text}</span>;
      })}
    </code>
  );
}
