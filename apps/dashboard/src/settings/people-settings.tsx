import type { RoleName, User } from '@expacti/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { describeFailure, fieldProblem, formProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { readAll } from '../api/read-all.js';
import { InertText } from '../command/inert-text.js';
import { useMay, useMe } from '../session/session.js';
import { Badge } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Input, Select } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';
import { notify } from '../ui/notices.js';
import { Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { SettingsSection } from './settings-section.js';

const ROLES: { role: RoleName; explains: string }[] = [
  { role: 'reviewer', explains: 'decides, and makes rules' },
  { role: 'auditor', explains: 'sees everything, changes nothing' },
  { role: 'admin', explains: 'everything but owning' },
  { role: 'owner', explains: 'everything' },
];

export function PeopleSettings() {
  const mayWrite = useMay('users:write');
  const [inviting, setInviting] = useState(false);
  const people = useQuery({
    queryKey: keys.users,
    queryFn: ({ signal }) => readAll((cursor) => call('GET /users', { query: { limit: 200, cursor }, signal })),
  });
  return (
    <SettingsSection
      title="People"
      lead="Who may look and decide. A change holds from the next thing that a person does."
    >
      {mayWrite && (
        <Button look="primary" className="justify-self-start" onClick={() => setInviting(true)}>
          Invite a person
        </Button>
      )}
      {people.isError && !people.data ? (
        <Failure error={people.error} onRetry={() => void people.refetch()} />
      ) : !people.data ? (
        <LoadingRows what="people" rows={3} />
      ) : (
        <ul className="border-t border-line">
          {people.data.map((user) => (
            <PersonRow key={user.id} user={user} mayWrite={mayWrite} />
          ))}
        </ul>
      )}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </SettingsSection>
  );
}

function PersonRow({ user, mayWrite }: { user: User; mayWrite: boolean }) {
  const me = useMe();
  const change = useMutation({
    mutationFn: (body: { active: boolean } | { roles: RoleName[] }) =>
      call('PATCH /users/{id}', { params: { id: user.id }, body }),
    onError: (error) => notify('bad', `${describeFailure(error).title} ${describeFailure(error).advice}`),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.users }),
  });
  const self = user.id === me.user.id;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 border-b border-line">
      <span className="min-w-40 flex-1">
        <span className="font-medium">
          <InertText text={user.name} />
        </span>
        <span className="block text-small text-ink-faint">
          <InertText text={user.email} />
        </span>
      </span>
      {!user.active && <Badge tone="critical">may not sign in</Badge>}
      {user.invited && <Badge tone="medium">invited</Badge>}
      <span className="text-small text-ink-faint">
        {user.last_sign_in_at ? <TimeAgo at={user.last_sign_in_at} /> : 'never signed in'}
      </span>
      {mayWrite && !self ? (
        <>
          <Select
            aria-label={`Role of ${user.name}`}
            className="w-auto"
            value={user.roles[0] ?? 'reviewer'}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ roles: [event.target.value as RoleName] })}
          >
            {ROLES.map(({ role }) => (
              <option key={role}>{role}</option>
            ))}
          </Select>
          <Button
            size="small"
            look={user.active ? 'danger' : 'outline'}
            disabled={change.isPending}
            onClick={() => change.mutate({ active: !user.active })}
          >
            {user.active ? 'Shut out' : 'Let in again'}
          </Button>
        </>
      ) : (
        <Badge>{user.roles.join(', ')}</Badge>
      )}
    </li>
  );
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState({ email: '', name: '', role: 'reviewer' as RoleName });
  const invite = useMutation({
    mutationFn: () => call('POST /users', { body: { email: form.email, name: form.name, roles: [form.role] } }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: keys.users }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  if (invite.data) {
    const link = `${window.location.origin}/app/invitation#token=${encodeURIComponent(invite.data.invitation_token)}`;
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`Invite ${form.name}`}
        description="Give this link to that person alone. It is shown once, and works once."
      >
        <div className="flex items-center gap-2 p-3 rounded-panel border border-line-strong bg-sunken">
          <code className="flex-1 wrap-anywhere select-all">{link}</code>
          <CopyButton text={link} label="Copy the link" />
        </div>
        <div className="flex justify-end mt-4">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} width="narrow" title="Invite a person">
      <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
        <Field label="Name" error={fieldProblem(invite.error, 'name')}>
          {(attributes) => (
            <Input
              {...attributes}
              required
              value={form.name}
              onChange={(event) => setForm({ ...form, name: event.target.value })}
            />
          )}
        </Field>
        <Field label="E-mail" error={fieldProblem(invite.error, 'email')}>
          {(attributes) => (
            <Input
              {...attributes}
              type="email"
              required
              value={form.email}
              onChange={(event) => setForm({ ...form, email: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Role"
          hint={ROLES.find(({ role }) => role === form.role)?.explains}
          error={fieldProblem(invite.error, 'roles')}
        >
          {(attributes) => (
            <Select
              {...attributes}
              value={form.role}
              onChange={(event) => setForm({ ...form, role: event.target.value as RoleName })}
            >
              {ROLES.map(({ role }) => (
                <option key={role}>{role}</option>
              ))}
            </Select>
          )}
        </Field>
        <FormError text={formProblem(invite.error, ['name', 'email', 'roles'])} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={invite.isPending}>
            Invite
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
