import { Fragment } from 'react';
import { InertText } from '../command/inert-text.js';
import { patternParts } from './pattern-parts.js';

/** A pattern with its wildcards coloured: what may vary stands out from what is fixed. */
export function PatternText({ pattern, type }: { pattern: string; type: 'exact' | 'glob' | 'regex' }) {
  return (
    <code className="exact-text wrap-anywhere whitespace-pre-wrap">
      {patternParts(pattern, type).map((part) => (
        <Fragment key={part.start}>
          {part.kind === 'wildcard' ? (
            <span className="text-accent font-bold">
              <InertText text={part.text} />
            </span>
          ) : (
            <InertText text={part.text} />
          )}
        </Fragment>
      ))}
    </code>
  );
}
