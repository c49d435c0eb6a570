import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { fieldProblem, formProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { Agent } from '../api/types.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Input, TextArea } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';
import { TokenDialog } from './token-dialog.js';

/** Makes an agent, then its first token; or changes name and description of one. */
export function AgentDialog({ agent, onClose }: { agent?: Agent; onClose: () => void }) {
  const [name, setName] = useState(agent?.name ?? '');
  const [description, setDescription] = useState(agent?.description ?? '');
  const save = useMutation({
    mutationFn: () => {
      const body = { name, description: description || null };
      return agent ? call('PATCH /agents/{id}', { params: { id: agent.id }, body }) : call('POST /agents', { body });
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.agents });
      if (agent) onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  if (save.data && !agent) return <TokenDialog agent={save.data} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="narrow"
      title={agent ? 'Rename or describe' : 'New agent'}
      {...(agent ? {} : { description: 'You own it: by default somebody else approves what it asks.' })}
    >
      <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
        <Field label="Name" hint="Reviewers see it beside each request." error={fieldProblem(save.error, 'name')}>
          {(attributes) => (
            <Input
              {...attributes}
              required
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="What it is for" error={fieldProblem(save.error, 'description')}>
          {(attributes) => (
            <TextArea
              {...attributes}
              rows={3}
              maxLength={2_000}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <FormError text={formProblem(save.error, ['name', 'description'])} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            {agent ? 'Save' : 'Make the agent'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
