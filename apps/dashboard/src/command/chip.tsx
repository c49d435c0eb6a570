import { classNames } from '../ui/class-names.js';

/** A character that would be invisible or mistaken for another, set apart and named. */
export function Chip({ shown, label }: { shown: string; label: string }) {
  const layout = shown === '⏎' || shown === '⇥';
  return (
    <span
      title={label}
      className={classNames(
        'relative select-none',
        layout
          ? 'text-ink-faint'
          : 'inline-block mx-px px-0.5 rounded-small border border-critical text-critical bg-critical-soft leading-none font-medium',
      )}
    >
      {shown}
      {!layout && <span className="sr-only"> ({label}) </span>}
    </span>
  );
}
