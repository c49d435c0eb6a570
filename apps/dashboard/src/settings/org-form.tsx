import type { FormEvent, ReactNode } from 'react';
import { formProblem } from '../api/problem.js';
import type { Org } from '../api/types.js';
import { useMay } from '../session/session.js';
import { Button } from '../ui/button.js';
import { FormError } from '../ui/form-error.js';
import { Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { useOrg } from './use-org-change.js';

/** Loads the organisation's settings for a form, and says so when they cannot be read. */
export function WithOrg({ children }: { children: (org: Org) => ReactNode }) {
  const org = useOrg();
  if (org.isError && !org.data) return <Failure error={org.error} onRetry={() => void org.refetch()} />;
  return org.data ? children(org.data) : <LoadingRows what="the settings" rows={3} />;
}

interface OrgFormProps {
  org: Org;
  /** Something differs from what is in force. */
  changed: boolean;
  saving: { isPending: boolean; error: unknown };
  paths: string[];
  onSave: () => void;
  children: ReactNode;
}

export function OrgForm({ org, changed, saving, paths, onSave, children }: OrgFormProps) {
  const mayWrite = useMay('org:write');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave();
  };
  return (
    <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
      <fieldset disabled={!mayWrite} className="grid grid-cols-1 gap-4">
        {children}
      </fieldset>
      <FormError text={formProblem(saving.error, paths)} />
      <div className="flex flex-wrap items-center gap-3">
        {mayWrite ? (
          <Button type="submit" look="primary" disabled={!changed || saving.isPending}>
            Save
          </Button>
        ) : (
          <p className="text-ink-soft">Your role may see these settings, but not change them.</p>
        )}
        <p className="text-small text-ink-faint">
          Last changed <TimeAgo at={org.updated_at} />
          {org.updated_by && ` by ${org.updated_by}`}.
        </p>
      </div>
    </form>
  );
}
