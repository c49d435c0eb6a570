import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.js';

interface SegmentedProps<Value extends string> {
  legend: string;
  value: Value;
  choices: { value: Value; label: ReactNode; disabled?: boolean; title?: string }[];
  onChange: (value: Value) => void;
  hideLegend?: boolean;
}

/** One of a few, all of them visible. Radio buttons underneath: arrow keys and screen readers know them. */
export function Segmented<Value extends string>({
  legend,
  value,
  choices,
  onChange,
  hideLegend = false,
}: SegmentedProps<Value>) {
  const name = useId();
  return (
    <fieldset>
      <legend className={hideLegend ? 'sr-only' : 'font-medium mb-1'}>{legend}</legend>
      <div className="inline-flex flex-wrap rounded-control border border-line-strong bg-panel p-0.5 gap-0.5">
        {choices.map((choice) => (
          <label
            key={choice.value}
            title={choice.title}
            className={classNames(
              'relative px-2.5 h-7 inline-flex items-center gap-1.5 rounded-small has-focus-visible:outline-2 has-focus-visible:outline-accent',
              choice.value === value
                ? 'bg-raised text-ink font-medium outline-1 outline-line-strong'
                : 'text-ink-soft hover:text-ink',
              choice.disabled ? 'opacity-50 cursor-not-allowed' : 'cursor-pointer',
            )}
          >
            <input
              type="radio"
              name={name}
              className="absolute inset-0 opacity-0 cursor-[inherit]"
              checked={choice.value === value}
              disabled={choice.disabled ?? false}
              onChange={() => onChange(choice.value)}
            />
            {choice.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
