import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { fieldProblem, formProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { Shell, Target, TargetGroup } from '../api/types.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Checkbox, Field, Input, Select, TextArea } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';

const SHELLS: Shell[] = ['bash', 'sh', 'dash', 'zsh', 'fish'];
const paths = ['name', 'description', 'shell', 'group_ids'];

export function TargetDialog({
  target,
  groups,
  onClose,
}: {
  target?: Target;
  groups: TargetGroup[];
  onClose: () => void;
}) {
  const [form, setForm] = useState({
    name: target?.name ?? '',
    description: target?.description ?? '',
    shell: target?.shell ?? null,
    production: target?.production ?? false,
    group_ids: target?.group_ids ?? [],
  });
  const change = (part: Partial<typeof form>) => setForm((current) => ({ ...current, ...part }));
  const save = useMutation({
    mutationFn: () => {
      const body = { ...form, description: form.description || null };
      return target
        ? call('PATCH /targets/{id}', { params: { id: target.id }, body })
        : call('POST /targets', { body });
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.targets });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog open onOpenChange={onClose} width="narrow" title={target ? `Edit ${target.name}` : 'New target'}>
      <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
        <Field label="Name" hint="As agents name it." error={fieldProblem(save.error, 'name')}>
          {(attributes) => (
            <Input
              {...attributes}
              required
              spellCheck={false}
              className="font-mono"
              placeholder="web-1.example.com"
              value={form.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="What it is" error={fieldProblem(save.error, 'description')}>
          {(attributes) => (
            <TextArea
              {...attributes}
              rows={2}
              value={form.description}
              onChange={(event) => change({ description: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Shell"
          hint="Commands are read by the grammar of the shell that runs them."
          error={fieldProblem(save.error, 'shell')}
        >
          {(attributes) => (
            <Select
              {...attributes}
              value={form.shell ?? ''}
              onChange={(event) => change({ shell: SHELLS.find((shell) => shell === event.target.value) ?? null })}
            >
              <option value="">As the agent says</option>
              {SHELLS.map((shell) => (
                <option key={shell}>{shell}</option>
              ))}
            </Select>
          )}
        </Field>
        <Checkbox
          label="Production"
          hint="Raises the risk of what runs there."
          checked={form.production}
          onChange={(event) => change({ production: event.target.checked })}
        />
        {groups.length > 0 && (
          <fieldset>
            <legend className="font-medium mb-1">Groups</legend>
            <div className="grid grid-cols-1 gap-1 max-h-40 overflow-y-auto">
              {groups.map((group) => (
                <Checkbox
                  key={group.id}
                  label={group.name}
                  checked={form.group_ids.includes(group.id)}
                  onChange={(event) =>
                    change({
                      group_ids: event.target.checked
                        ? [...form.group_ids, group.id]
                        : form.group_ids.filter((id) => id !== group.id),
                    })
                  }
                />
              ))}
            </div>
          </fieldset>
        )}
        <FormError text={formProblem(save.error, paths)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {target ? 'Save' : 'Register the target'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
