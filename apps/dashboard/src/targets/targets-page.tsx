import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { describeFailure } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { Target, TargetGroup } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { useMay } from '../session/session.js';
import { Badge } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/dialog.js';
import { notify } from '../ui/notices.js';
import { Page } from '../ui/page.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { GroupDialog } from './group-dialog.js';
import { TargetDialog } from './target-dialog.js';
import { useTargetGroups, useTargets } from './use-targets.js';

type Open = { kind: 'target'; target?: Target } | { kind: 'group'; group?: TargetGroup } | null;
type Removal = { kind: 'target'; item: Target } | { kind: 'group'; item: TargetGroup } | null;

/** Where commands run, and how places are grouped for rules and policies. */
export function TargetsPage() {
  const targets = useTargets();
  const groups = useTargetGroups();
  const mayWrite = useMay('targets:write');
  const [open, setOpen] = useState<Open>(null);
  const [removal, setRemoval] = useState<Removal>(null);
  const remove = useRemove();
  const failed = targets.isError ? targets : groups.isError ? groups : null;
  const loading = !targets.data || !groups.data;
  return (
    <Page
      title="Targets"
      lead="A target is a place where commands run: a host, a container, a cluster. Rules can hold for one, or for a group."
      actions={
        mayWrite && (
          <>
            <Button onClick={() => setOpen({ kind: 'group' })}>
              <Plus size={14} aria-hidden="true" /> New group
            </Button>
            <Button look="primary" onClick={() => setOpen({ kind: 'target' })}>
              <Plus size={14} aria-hidden="true" /> New target
            </Button>
          </>
        )
      }
    >
      {failed && loading ? (
        <Failure error={failed.error} onRetry={() => void failed.refetch()} />
      ) : loading ? (
        <LoadingRows what="targets" />
      ) : (
        <div className="grid grid-cols-1 gap-8">
          <TargetList
            targets={targets.data.data}
            groups={groups.data.data}
            mayWrite={mayWrite}
            onOpen={setOpen}
            onRemove={setRemoval}
          />
          <GroupList groups={groups.data.data} mayWrite={mayWrite} onOpen={setOpen} onRemove={setRemoval} />
        </div>
      )}
      {open?.kind === 'target' && (
        <TargetDialog
          {...(open.target ? { target: open.target } : {})}
          groups={groups.data?.data ?? []}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.kind === 'group' && (
        <GroupDialog {...(open.group ? { group: open.group } : {})} onClose={() => setOpen(null)} />
      )}
      <Confirm
        open={removal !== null}
        onOpenChange={() => setRemoval(null)}
        title={`Delete ${removal?.item.name ?? ''}?`}
        description={
          removal?.kind === 'group'
            ? 'Its targets stay. Rules that hold for the group have to be changed first.'
            : 'Agents can no longer name it. Rules that hold for it have to be changed first.'
        }
        verb="Delete"
        onConfirm={() => removal && remove.mutate(removal)}
      />
    </Page>
  );
}

interface ListProps {
  mayWrite: boolean;
  onOpen: (open: Open) => void;
  onRemove: (removal: Removal) => void;
}

function TargetList({
  targets,
  groups,
  mayWrite,
  onOpen,
  onRemove,
}: ListProps & { targets: Target[]; groups: TargetGroup[] }) {
  if (targets.length === 0)
    return <Empty title="No target yet">Without targets, rules hold everywhere an agent runs.</Empty>;
  return (
    <ul className="border-t border-line">
      {targets.map((target) => (
        <li key={target.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-2 py-2 border-b border-line">
          <span className="font-medium font-mono">{target.name}</span>
          {target.production && <Badge tone="high">production</Badge>}
          {target.shell && <Badge>{target.shell}</Badge>}
          {target.group_ids.map((id) => (
            <Badge key={id} tone="accent">
              {groups.find((group) => group.id === id)?.name ?? id}
            </Badge>
          ))}
          {target.description && (
            <span className="text-ink-soft min-w-0 wrap-anywhere">
              <InertText text={target.description} prose />
            </span>
          )}
          <span className="ml-auto flex items-center gap-1">
            <Link to="/history" search={{ target: target.name }} className="px-2 text-accent hover:underline">
              history
            </Link>
            {mayWrite && (
              <RowActions
                name={target.name}
                onEdit={() => onOpen({ kind: 'target', target })}
                onDelete={() => onRemove({ kind: 'target', item: target })}
              />
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function GroupList({ groups, mayWrite, onOpen, onRemove }: ListProps & { groups: TargetGroup[] }) {
  return (
    <section>
      <h2 className="text-strong font-semibold mb-2">Groups</h2>
      {groups.length === 0 ? (
        <p className="text-ink-soft">No group yet. Groups let one rule hold for several targets.</p>
      ) : (
        <ul className="border-t border-line">
          {groups.map((group) => (
            <li key={group.id} className="flex flex-wrap items-center gap-x-3 px-2 py-2 border-b border-line">
              <span className="font-medium">
                <InertText text={group.name} />
              </span>
              <span className="text-small text-ink-faint">
                {group.target_ids.length} {group.target_ids.length === 1 ? 'target' : 'targets'}
              </span>
              {group.description && (
                <span className="text-ink-soft">
                  <InertText text={group.description} prose />
                </span>
              )}
              {mayWrite && (
                <span className="ml-auto">
                  <RowActions
                    name={group.name}
                    onEdit={() => onOpen({ kind: 'group', group })}
                    onDelete={() => onRemove({ kind: 'group', item: group })}
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function RowActions({ name, onEdit, onDelete }: { name: string; onEdit: () => void; onDelete: () => void }) {
  return (
    <span className="flex gap-1">
      <Button size="small" look="quiet" aria-label={`Edit ${name}`} onClick={onEdit}>
        Edit
      </Button>
      <Button size="small" look="quiet" aria-label={`Delete ${name}`} onClick={onDelete}>
        Delete
      </Button>
    </span>
  );
}

function useRemove() {
  return useMutation({
    mutationFn: ({ kind, item }: NonNullable<Removal>) =>
      kind === 'target'
        ? call('DELETE /targets/{id}', { params: { id: item.id } })
        : call('DELETE /target-groups/{id}', { params: { id: item.id } }),
    onSuccess: (_, { item }) => notify('good', `${item.name} is deleted.`),
    onError: (error) => notify('bad', `${describeFailure(error).title} ${describeFailure(error).advice}`),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.targets }),
  });
}
