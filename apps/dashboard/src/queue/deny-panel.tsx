import { type FormEvent, useState } from 'react';
import { preferences } from '../settings/preferences.js';
import { Button } from '../ui/button.js';
import { Field, Input } from '../ui/field.js';
import { useStore } from '../ui/store.js';

interface DenyPanelProps {
  count?: number;
  busy: boolean;
  onDeny: (reason: string) => void;
  onCancel: () => void;
}

/** Asks for the reason that the agent will read. Enter denies. */
export function DenyPanel({ count = 1, busy, onDeny, onCancel }: DenyPanelProps) {
  const [reason, setReason] = useState('');
  const { recentReasons } = useStore(preferences);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDeny(reason.trim());
  };
  return (
    <form className="grid grid-cols-1 gap-2" onSubmit={submit}>
      <Field
        label={count === 1 ? 'Why not?' : `Why not, for all ${count}?`}
        hint="The agent reads this and may act on it."
      >
        {(attributes) => (
          <Input
            {...attributes}
            autoFocus
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {recentReasons.length > 0 && (
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Recent reasons</legend>
          {recentReasons.map((recent) => (
            <button
              key={recent}
              type="button"
              onClick={() => setReason(recent)}
              className="px-2 h-6 max-w-full truncate rounded-control border border-line-strong text-small text-ink-soft hover:bg-hover"
            >
              {recent}
            </button>
          ))}
        </fieldset>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel} shortcut="Esc">
          Back
        </Button>
        <Button type="submit" look="danger-fill" disabled={busy} shortcut="↵">
          Deny
        </Button>
      </div>
    </form>
  );
}
