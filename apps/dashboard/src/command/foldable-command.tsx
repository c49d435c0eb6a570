import type { Analysis } from '@expacti/shell';
import { ChevronDown } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../ui/button.js';
import { CommandText } from './command-text.js';
import { foldOf } from './fold.js';

interface FoldableCommandProps {
  analysis: Analysis;
  open: boolean;
  onOpen: () => void;
}

/** The whole command; what is very long folds, saying how much is hidden, and opens with one key. */
export function FoldableCommand({ analysis, open, onOpen }: FoldableCommandProps) {
  const fold = useMemo(() => foldOf(analysis.source), [analysis.source]);
  const range = useMemo(() => (fold ? { from: 0, to: fold.at } : undefined), [fold]);
  if (!fold || open) return <CommandText analysis={analysis} />;
  return (
    <>
      {range && <CommandText analysis={analysis} range={range} />}
      <div className="mt-2 -mx-1 pt-2 px-1 border-t border-dashed border-line-strong flex flex-wrap items-center gap-2 font-sans">
        <Button size="small" shortcut="o" onClick={onOpen}>
          <ChevronDown size={14} aria-hidden="true" /> Open the rest
        </Button>
        <span className="text-small text-ink-soft">
          {fold.hiddenCharacters.toLocaleString('en')} more characters
          {fold.hiddenLines > 0 && `, ${fold.hiddenLines.toLocaleString('en')} more lines`} are hidden here
        </span>
      </div>
    </>
  );
}
