import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { fieldProblem, formProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { Agent, CommandKind, IssuedAgentToken } from '../api/types.js';
import { useMay } from '../session/session.js';
import { useTargets } from '../targets/use-targets.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { Dialog } from '../ui/dialog.js';
import { Checkbox, Field, Input, Select } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';

const LIFETIMES: [string, number | null][] = [
  ['30 days', 30],
  ['90 days', 90],
  ['one year', 365],
  ['never', null],
];

const KINDS: { kind: CommandKind; label: string }[] = [
  { kind: 'command', label: 'Shell commands' },
  { kind: 'tool_call', label: 'Tool calls' },
  { kind: 'file_transfer', label: 'File transfers' },
];

interface Limits {
  name: string;
  days: number | null;
  targets: string[];
  kinds: CommandKind[];
}

/** Issues a token, then shows it, once. */
export function TokenDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const [limits, setLimits] = useState<Limits>({
    name: '',
    days: 90,
    targets: [],
    kinds: KINDS.map(({ kind }) => kind),
  });
  const change = (part: Partial<Limits>) => setLimits((current) => ({ ...current, ...part }));
  const issue = useMutation({
    mutationFn: () => call('POST /agents/{id}/tokens', { params: { id: agent.id }, body: bodyOf(limits, Date.now()) }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: keys.agents }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    issue.mutate();
  };
  if (issue.data) return <ShownOnce issued={issue.data} agent={agent} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="narrow"
      title={`New token for ${agent.name}`}
      description="A claim outside these limits is refused."
    >
      <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
        <Field
          label="Name"
          hint="Where it will be kept, so that you know it again."
          error={fieldProblem(issue.error, 'name')}
        >
          {(attributes) => (
            <Input
              {...attributes}
              required
              maxLength={120}
              placeholder="build server"
              value={limits.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Expires after" error={fieldProblem(issue.error, 'expires_at')}>
          {(attributes) => (
            <Select
              {...attributes}
              value={String(limits.days)}
              onChange={(event) => change({ days: event.target.value === 'null' ? null : Number(event.target.value) })}
            >
              {LIFETIMES.map(([label, days]) => (
                <option key={label} value={String(days)}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <TargetChoice chosen={limits.targets} onChange={(targets) => change({ targets })} />
        <fieldset>
          <legend className="font-medium mb-1">May ask for</legend>
          <div className="grid grid-cols-1 gap-1">
            {KINDS.map(({ kind, label }) => (
              <Checkbox
                key={kind}
                label={label}
                checked={limits.kinds.includes(kind)}
                onChange={(event) => change({ kinds: toggled(limits.kinds, kind, event.target.checked) })}
              />
            ))}
          </div>
        </fieldset>
        <FormError text={formProblem(issue.error, ['name', 'expires_at'])} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={issue.isPending || limits.kinds.length === 0}>
            Issue the token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function TargetChoice({ chosen, onChange }: { chosen: string[]; onChange: (targets: string[]) => void }) {
  const mayRead = useMay('targets:read');
  const targets = useTargets().data?.data ?? [];
  if (!mayRead || targets.length === 0) return null;
  return (
    <fieldset>
      <legend className="font-medium mb-1">On these targets</legend>
      <p className="text-small text-ink-faint mb-1">None ticked means any target.</p>
      <div className="grid grid-cols-1 gap-1 max-h-40 overflow-y-auto">
        {targets.map((target) => (
          <Checkbox
            key={target.id}
            label={target.name}
            checked={chosen.includes(target.name)}
            onChange={(event) => onChange(toggled(chosen, target.name, event.target.checked))}
          />
        ))}
      </div>
    </fieldset>
  );
}

function ShownOnce({ issued, agent, onClose }: { issued: IssuedAgentToken; agent: Agent; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`The token of ${agent.name}`}
      description="It is shown now and never again: only its hash is kept."
    >
      <div className="flex items-center gap-2 p-3 rounded-panel border border-line-strong bg-sunken">
        <code className="flex-1 wrap-anywhere select-all">{issued.token}</code>
        <CopyButton text={issued.token} label="Copy the token" />
      </div>
      <p className="mt-3 text-ink-soft">
        Give it to the agent as <code>EXPACTI_SHELL_TOKEN</code>, with <code>EXPACTI_URL={window.location.origin}</code>
        .
      </p>
      <div className="flex justify-end mt-4">
        <Button look="primary" onClick={onClose}>
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}

function bodyOf({ name, days, targets, kinds }: Limits, now: number) {
  return {
    name,
    targets: targets.length === 0 ? null : targets,
    kinds: kinds.length === KINDS.length ? null : kinds,
    expires_at: days === null ? null : new Date(now + days * 86_400_000).toISOString(),
  };
}

function toggled<Item>(items: Item[], item: Item, on: boolean): Item[] {
  return on ? [...items.filter((other) => other !== item), item] : items.filter((other) => other !== item);
}
