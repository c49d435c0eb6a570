import { type FormEvent, useState } from 'react';
import { InertText } from '../command/inert-text.js';
import { Button } from '../ui/button.js';
import { Field, Input } from '../ui/field.js';
import { HoldButton, useHold } from './hold-button.js';

interface CarefulApprovalProps {
  /** The target's name, or the agent's where there is no target. */
  word: string;
  busy: boolean;
  onApprove: () => void;
}

/** A critical request: hold the button (or the key), or type the name. Neither happens by accident. */
export function CarefulApproval({ word, busy, onApprove }: CarefulApprovalProps) {
  const [typing, setTyping] = useState(false);
  const [typed, setTyped] = useState('');
  const hold = useHold(onApprove);
  if (!typing) {
    return (
      <div className="grid justify-items-center gap-1 max-sm:flex-1">
        <HoldButton hold={hold} disabled={busy} size="large" shortcut="a" className="w-full sm:min-w-48 careful-hold">
          Hold to approve
        </HoldButton>
        <button type="button" className="text-small text-ink-soft underline" onClick={() => setTyping(true)}>
          or type the name
        </button>
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === word) onApprove();
  };
  return (
    <form className="flex flex-wrap gap-2 items-end" onSubmit={submit}>
      <Field
        label={
          <>
            Type{' '}
            <code className="font-bold">
              <InertText text={word} />
            </code>{' '}
            to approve
          </>
        }
      >
        {(attributes) => (
          <Input
            {...attributes}
            autoFocus
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="danger-fill" disabled={busy || typed !== word}>
        Approve
      </Button>
      <Button onClick={() => setTyping(false)}>Back</Button>
    </form>
  );
}
