import { InertText } from '../command/inert-text.js';
import { classNames } from '../ui/class-names.js';
import { mayVary, type PatternWord } from './generalize.js';

interface GeneralizeWordsProps {
  words: PatternWord[];
  wildcards: ReadonlySet<number>;
  onChange: (wildcards: ReadonlySet<number>) => void;
}

/** The words of a command as switches: press one to let it be any word. */
export function GeneralizeWords({ words, wildcards, onChange }: GeneralizeWordsProps) {
  const toggle = (index: number) => {
    const next = new Set(wildcards);
    if (!next.delete(index)) next.add(index);
    onChange(next);
  };
  return (
    <fieldset>
      <legend className="font-medium mb-1">
        Words that may vary{' '}
        <span className="font-normal text-small text-ink-faint">(press one to make it any word)</span>
      </legend>
      <div className="flex flex-wrap gap-1 font-mono">
        {words.map((word, index) => {
          const varies = wildcards.has(index) && mayVary(word);
          const key = `${index}-${word.text}`;
          if (!mayVary(word)) {
            return (
              <span
                key={key}
                title={
                  word.role === 'dynamic'
                    ? 'Known only when it runs: no allow pattern covers it'
                    : 'This stays as it is'
                }
                className={classNames(
                  'px-1.5 py-0.5 rounded-small',
                  word.role === 'program' && 'font-bold',
                  word.role === 'dynamic' && 'bg-high-soft text-high underline decoration-dotted',
                )}
              >
                <InertText text={word.text} />
              </span>
            );
          }
          return (
            <button
              key={key}
              type="button"
              aria-pressed={varies}
              onClick={() => toggle(index)}
              className={classNames(
                'px-1.5 py-0.5 rounded-small border wrap-anywhere text-left',
                varies
                  ? 'border-accent bg-accent-soft text-accent font-bold'
                  : 'border-line-strong border-dashed hover:bg-hover',
              )}
            >
              {varies ? '*' : <InertText text={word.text} />}
              {varies && <span className="sr-only"> instead of {word.text}</span>}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
