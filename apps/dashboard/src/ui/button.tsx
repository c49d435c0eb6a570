import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.js';

export type ButtonLook = 'primary' | 'outline' | 'danger' | 'danger-fill' | 'quiet';

const looks: Record<ButtonLook, string> = {
  primary: 'bg-accent-fill text-on-fill border-transparent hover:bg-accent-fill-hover',
  outline: 'bg-raised text-ink border-line-strong hover:bg-hover',
  danger: 'bg-raised text-critical border-line-strong hover:bg-critical-soft',
  'danger-fill': 'bg-critical-fill text-on-fill border-transparent hover:brightness-110',
  quiet: 'bg-transparent text-ink-soft border-transparent hover:bg-hover hover:text-ink',
};

export const buttonBase =
  'inline-flex items-center justify-center gap-1.5 border rounded-control font-medium whitespace-nowrap select-none transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50';

const sizes = { small: 'h-7 px-2 text-small', normal: 'h-8 px-3 text-body', large: 'h-11 px-4 text-strong' };

interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook;
  size?: keyof typeof sizes;
  /** The key that does the same; shown beside the words. */
  shortcut?: string;
}

export function Button({ look = 'outline', size = 'normal', shortcut, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classNames(buttonBase, looks[look], sizes[size], className)} {...rest}>
      {children}
      {shortcut && <Key subdued={look === 'primary' || look === 'danger-fill'}>{shortcut}</Key>}
    </button>
  );
}

/** Classes of a link that looks like a button. */
export function buttonClasses(look: ButtonLook = 'outline', size: keyof typeof sizes = 'normal'): string {
  return classNames(buttonBase, looks[look], sizes[size]);
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** Said by a screen reader and shown on hover. */
  label: string;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classNames(buttonBase, looks.quiet, 'size-8 shrink-0', className)}
      {...rest}
    >
      {children}
    </button>
  );
}

/** A key of the keyboard. Decoration: the button's own name and the help say it too. */
export function Key({ children, subdued = false }: { children: ReactNode; subdued?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'hidden pointer-fine:inline-block min-w-4 px-1 rounded-small border text-small leading-4 text-center font-sans',
        subdued ? 'border-current' : 'border-line-strong text-ink-faint bg-panel',
      )}
    >
      {children}
    </span>
  );
}
