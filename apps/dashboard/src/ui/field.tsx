import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.js';

export const controlClasses =
  'w-full min-h-8 px-2.5 py-1 rounded-control border border-line-strong bg-raised text-ink disabled:opacity-60 disabled:bg-panel aria-invalid:border-critical';

interface FieldProps {
  label: ReactNode;
  /** What the value changes, and for whom. */
  hint?: ReactNode;
  error?: string | undefined;
  /** Keeps the label for screen readers alone. */
  hideLabel?: boolean;
  className?: string;
  children: (attributes: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode;
}

/** A label, a control, and what to know about it, tied together for assistive technology. */
export function Field({ label, hint, error, hideLabel = false, className, children }: FieldProps) {
  const id = useId();
  const notes = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={classNames('grid gap-1 content-start', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      {children({ id, ...(notes ? { 'aria-describedby': notes } : {}), ...(error ? { 'aria-invalid': true } : {}) })}
      {error && (
        <p id={`${id}-error`} className="text-small text-critical">
          {error}
        </p>
      )}
      {hint && (
        <div id={`${id}-hint`} className="text-small text-ink-faint">
          {hint}
        </div>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={classNames(controlClasses, 'h-8', className)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={classNames(controlClasses, 'py-1.5 resize-y', className)} {...rest} />;
}

/** The platform's own select: on a phone it is the best one there is. `className` lays out the whole control. */
export function Select({
  className,
  compact = false,
  children,
  ...rest
}: ComponentProps<'select'> & { compact?: boolean }) {
  return (
    <span className={classNames('relative inline-block', className ?? 'w-full')}>
      <select
        className={classNames(
          'appearance-none w-full truncate rounded-control border border-line-strong bg-raised text-ink disabled:opacity-60 disabled:bg-panel aria-invalid:border-critical',
          compact ? 'h-7 pl-2 pr-6 text-small' : 'h-8 pl-2.5 pr-7',
        )}
        {...rest}
      >
        {children}
      </select>
      <ChevronDown
        size={14}
        aria-hidden="true"
        className="absolute right-2 top-1/2 -translate-y-1/2 text-ink-faint pointer-events-none"
      />
    </span>
  );
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  label: ReactNode;
  hint?: ReactNode;
}

export function Checkbox({ label, hint, className, ...rest }: CheckboxProps) {
  const id = useId();
  return (
    <div className={classNames('flex gap-2 items-start', className)}>
      <input
        type="checkbox"
        id={id}
        className="mt-0.5 size-4 accent-accent-fill shrink-0"
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
        {...rest}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <div id={`${id}-hint`} className="text-small text-ink-faint">
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}
