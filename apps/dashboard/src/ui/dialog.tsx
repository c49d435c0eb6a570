import { X } from 'lucide-react';
import { Dialog as Radix, AlertDialog as RadixAlert } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button, IconButton } from './button.js';
import { classNames } from './class-names.js';

const scrim = 'fixed inset-0 z-40 bg-scrim';
const surface =
  'fixed z-50 left-1/2 -translate-x-1/2 top-4 sm:top-[10vh] w-[calc(100vw-2rem)] max-h-[calc(100dvh-2rem)] sm:max-h-[80vh] overflow-y-auto rounded-panel border border-line bg-raised shadow-float';

const widths = { narrow: 'sm:max-w-md', normal: 'sm:max-w-xl', wide: 'sm:max-w-3xl' };

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  width?: keyof typeof widths;
  children: ReactNode;
}

/** A modal dialog: focus is trapped in it and returns to where it was. */
export function Dialog({ open, onOpenChange, title, description, width = 'normal', children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          className={classNames(surface, widths[width])}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <header className="sticky top-0 z-10 pl-5 pr-12 pt-4 pb-2 bg-raised">
            <Radix.Title className="text-strong font-semibold">{title}</Radix.Title>
            {description && <Radix.Description className="text-ink-soft mt-0.5">{description}</Radix.Description>}
          </header>
          <div className="px-5 pb-5 pt-1">{children}</div>
          {/* Last in order, so that the focus begins in the content; drawn where everybody looks for it. */}
          <Radix.Close asChild>
            <IconButton label="Close" className="absolute z-20 right-3 top-3">
              <X size={16} aria-hidden="true" />
            </IconButton>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: ReactNode;
  /** The verb of what will happen: "Revoke", never "OK". */
  verb: string;
  onConfirm: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ open, onOpenChange, title, description, verb, onConfirm }: ConfirmProps) {
  return (
    <RadixAlert.Root open={open} onOpenChange={onOpenChange}>
      <RadixAlert.Portal>
        <RadixAlert.Overlay className={scrim} />
        <RadixAlert.Content className={classNames(surface, widths.narrow, 'p-5')}>
          <RadixAlert.Title className="text-strong font-semibold">{title}</RadixAlert.Title>
          <RadixAlert.Description asChild>
            <div className="text-ink-soft mt-1 mb-5">{description}</div>
          </RadixAlert.Description>
          <div className="flex justify-end gap-2">
            <RadixAlert.Cancel asChild>
              <Button>Keep as it is</Button>
            </RadixAlert.Cancel>
            <RadixAlert.Action asChild>
              <Button look="danger-fill" onClick={onConfirm}>
                {verb}
              </Button>
            </RadixAlert.Action>
          </div>
        </RadixAlert.Content>
      </RadixAlert.Portal>
    </RadixAlert.Root>
  );
}
