import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, type ButtonLook } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';

/** Long enough that nobody does it by accident, short enough that nobody minds. */
export const HOLD_MS = 900;

export interface Hold {
  holding: boolean;
  start: () => void;
  cancel: () => void;
}

/** Runs `onHeld` when `start` is not followed by `cancel` for the whole time. */
export function useHold(onHeld: () => void): Hold {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(onHeld);
  latest.current = onHeld;
  const cancel = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setHolding(false);
  };
  const start = () => {
    if (timer.current !== undefined) return;
    setHolding(true);
    timer.current = setTimeout(() => {
      cancel();
      latest.current();
    }, HOLD_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { holding, start, cancel };
}

/** Starts a hold by a key of the whole page: letting go, or leaving the window, ends it. */
export function startByKey(hold: Hold, key: string): void {
  const end = (event: Event) => {
    if (event instanceof globalThis.KeyboardEvent && event.key.toLowerCase() !== key.toLowerCase()) return;
    window.removeEventListener('keyup', end);
    window.removeEventListener('blur', end);
    hold.cancel();
  };
  window.addEventListener('keyup', end);
  window.addEventListener('blur', end);
  hold.start();
}

interface HoldButtonProps {
  hold: Hold;
  disabled: boolean;
  look?: ButtonLook;
  size?: 'normal' | 'large';
  shortcut?: string;
  className?: string;
  children: ReactNode;
}

export function HoldButton({
  hold,
  disabled,
  look = 'danger-fill',
  size = 'normal',
  shortcut,
  className,
  children,
}: HoldButtonProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (!event.repeat && !disabled) hold.start();
  };
  return (
    <Button
      look={look}
      size={size}
      disabled={disabled}
      {...(shortcut ? { shortcut } : {})}
      className={classNames('relative overflow-hidden touch-none', className)}
      onPointerDown={() => !disabled && hold.start()}
      onPointerUp={hold.cancel}
      onPointerLeave={hold.cancel}
      onPointerCancel={hold.cancel}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={press}
      onKeyUp={hold.cancel}
      onBlur={hold.cancel}
    >
      <span
        aria-hidden="true"
        className={classNames('absolute inset-0 bg-ink/30 origin-left', hold.holding ? 'hold-filling' : 'scale-x-0')}
      />
      <span className="relative">{children}</span>
    </Button>
  );
}
