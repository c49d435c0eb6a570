import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { fieldProblem, formProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { TargetGroup } from '../api/types.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Input, TextArea } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';

export function GroupDialog({ group, onClose }: { group?: TargetGroup; onClose: () => void }) {
  const [name, setName] = useState(group?.name ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const save = useMutation({
    mutationFn: () => {
      const body = { name, description: description || null };
      return group
        ? call('PATCH /target-groups/{id}', { params: { id: group.id }, body })
        : call('POST /target-groups', { body });
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
    <Dialog open onOpenChange={onClose} width="narrow" title={group ? 'Edit the group' : 'New group'}>
      <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
        <Field label="Name" error={fieldProblem(save.error, 'name')}>
          {(attributes) => (
            <Input {...attributes} required value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label="What its targets have in common" error={fieldProblem(save.error, 'description')}>
          {(attributes) => (
            <TextArea
              {...attributes}
              rows={2}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <FormError text={formProblem(save.error, ['name', 'description'])} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {group ? 'Save' : 'Make the group'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
