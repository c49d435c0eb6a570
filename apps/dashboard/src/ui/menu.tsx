import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

const itemClasses =
  'flex items-center gap-2 px-2 h-8 rounded-small text-body outline-none select-none data-[highlighted]:bg-hover data-[disabled]:text-ink-faint';

interface MenuProps {
  trigger: ReactNode;
  label: string;
  /** Open from the start: the press that asked for it has happened already. */
  openAtOnce?: boolean;
  children: ReactNode;
}

/** A menu that opens from a button. */
export function Menu({ trigger, label, openAtOnce = false, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen={openAtOnce}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      {/* No portal: what opens stays within the landmark that its button is in. */}
      <DropdownMenu.Content
        align="end"
        sideOffset={4}
        aria-label={label}
        className="z-50 min-w-48 p-1 rounded-panel border border-line bg-raised shadow-float"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  onSelect,
  disabled,
  children,
}: {
  onSelect: () => void;
  disabled?: boolean;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Item className={itemClasses} onSelect={onSelect} {...(disabled ? { disabled } : {})}>
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 py-1.5 text-small text-ink-faint">{children}</DropdownMenu.Label>;
}

export function MenuDivider() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}

export function MenuChoices<Value extends string>({
  value,
  choices,
  onChange,
}: {
  value: Value;
  choices: { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
}) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
      {choices.map((choice) => (
        <DropdownMenu.RadioItem key={choice.value} value={choice.value} className={itemClasses}>
          {choice.icon}
          <span className="flex-1">{choice.label}</span>
          <DropdownMenu.ItemIndicator aria-hidden="true">✓</DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
