import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ellipsis, KeyRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { describeFailure } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { Agent, AgentToken } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { useMay } from '../session/session.js';
import { Badge } from '../ui/badge.js';
import { Button, IconButton } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { Identifier } from '../ui/copy-button.js';
import { Confirm } from '../ui/dialog.js';
import { Menu, MenuDivider, MenuItem } from '../ui/menu.js';
import { notify } from '../ui/notices.js';
import { TimeAgo } from '../ui/time-ago.js';
import { AgentDialog } from './agent-dialog.js';
import { TokenDialog } from './token-dialog.js';
import { tokenLimits } from './token-limits.js';

type Asking = { kind: 'remove' } | { kind: 'revoke'; token: AgentToken } | null;

export function AgentCard({ agent, wanted }: { agent: Agent; wanted: boolean }) {
  const mayWrite = useMay('agents:write');
  const [dialog, setDialog] = useState<'edit' | 'token' | null>(null);
  const [asking, setAsking] = useState<Asking>(null);
  const change = useAgentChange();
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (wanted) card.current?.scrollIntoView({ block: 'center' });
  }, [wanted]);
  const live = agent.tokens.filter((token) => token.revoked_at === null);
  const revoked = agent.tokens.length - live.length;
  return (
    <li ref={card} className={classNames('rounded-panel border bg-raised', wanted ? 'border-accent' : 'border-line')}>
      <div className="flex items-start gap-3 p-3">
        <div className="min-w-0 flex-1">
          <h2 className="flex flex-wrap items-center gap-2 text-strong font-semibold">
            <InertText text={agent.name} />
            {agent.suspended && <Badge tone="critical">suspended</Badge>}
          </h2>
          {agent.description && (
            <p className="text-ink-soft wrap-anywhere">
              <InertText text={agent.description} prose />
            </p>
          )}
          <p className="flex flex-wrap items-center gap-x-3 text-small text-ink-faint">
            {agent.owner && (
              <span>
                owned by <InertText text={agent.owner.name} />
              </span>
            )}
            <span>
              {agent.last_seen_at ? (
                <>
                  seen <TimeAgo at={agent.last_seen_at} />
                </>
              ) : (
                'never seen'
              )}
            </span>
            <Link to="/history" search={{ agent: agent.id }} className="text-accent hover:underline">
              what it asked for
            </Link>
            <Identifier id={agent.id} label="Copy the agent’s id" />
          </p>
        </div>
        {mayWrite && (
          <div className="flex gap-1">
            <Button size="small" onClick={() => setDialog('token')}>
              <KeyRound size={14} aria-hidden="true" /> New token
            </Button>
            <Menu
              label={`Actions for ${agent.name}`}
              trigger={
                <IconButton label={`More for ${agent.name}`} className="size-7">
                  <Ellipsis size={16} aria-hidden="true" />
                </IconButton>
              }
            >
              <MenuItem onSelect={() => setDialog('edit')}>Rename or describe</MenuItem>
              <MenuItem onSelect={() => change.mutate({ kind: agent.suspended ? 'resume' : 'suspend', agent })}>
                {agent.suspended ? 'Let it work again' : 'Suspend at once'}
              </MenuItem>
              <MenuDivider />
              <MenuItem onSelect={() => setAsking({ kind: 'remove' })}>Remove…</MenuItem>
            </Menu>
          </div>
        )}
      </div>
      {live.length > 0 && (
        <ul className="border-t border-line divide-y divide-line">
          {live.map((token) => (
            <TokenRow
              key={token.id}
              token={token}
              onRevoke={mayWrite ? () => setAsking({ kind: 'revoke', token }) : undefined}
            />
          ))}
        </ul>
      )}
      {(live.length === 0 || revoked > 0) && (
        <p className="border-t border-line px-3 py-1.5 text-small text-ink-faint">
          {live.length === 0 && 'No token: it cannot connect. '}
          {revoked > 0 && `${revoked} revoked.`}
        </p>
      )}
      {dialog === 'edit' && <AgentDialog agent={agent} onClose={() => setDialog(null)} />}
      {dialog === 'token' && <TokenDialog agent={agent} onClose={() => setDialog(null)} />}
      <Confirm
        open={asking?.kind === 'remove'}
        onOpenChange={() => setAsking(null)}
        title={`Remove ${agent.name}?`}
        description="Its tokens stop working at once and what it waits for is withdrawn. Its history stays."
        verb="Remove"
        onConfirm={() => change.mutate({ kind: 'remove', agent })}
      />
      <Confirm
        open={asking?.kind === 'revoke'}
        onOpenChange={() => setAsking(null)}
        title={`Revoke ${asking?.kind === 'revoke' ? asking.token.name : ''}?`}
        description="Whoever uses it is refused from now on, open connections included. This cannot be taken back."
        verb="Revoke"
        onConfirm={() => asking?.kind === 'revoke' && change.mutate({ kind: 'revoke', agent, token: asking.token })}
      />
    </li>
  );
}

function TokenRow({ token, onRevoke }: { token: AgentToken; onRevoke: (() => void) | undefined }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5">
      <span className="font-medium">
        <InertText text={token.name} />
      </span>
      <code className="text-small text-ink-faint">{token.hint}…</code>
      <span className="text-small text-ink-soft">
        <InertText text={tokenLimits(token)} />
      </span>
      <span className="text-small text-ink-faint ml-auto">
        {token.last_used_at ? (
          <>
            used <TimeAgo at={token.last_used_at} />
          </>
        ) : (
          'never used'
        )}
        {token.expires_at && (
          <>
            , expires <TimeAgo at={token.expires_at} />
          </>
        )}
      </span>
      {onRevoke && (
        <Button size="small" look="danger" onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}

type Change =
  | { kind: 'suspend' | 'resume' | 'remove'; agent: Agent }
  | { kind: 'revoke'; agent: Agent; token: AgentToken };

function useAgentChange() {
  return useMutation({
    mutationFn: async (change: Change) => {
      const params = { id: change.agent.id };
      switch (change.kind) {
        case 'suspend':
          await call('POST /agents/{id}/suspend', { params });
          return `${change.agent.name} is stopped.`;
        case 'resume':
          await call('POST /agents/{id}/resume', { params });
          return `${change.agent.name} may work again.`;
        case 'remove':
          await call('DELETE /agents/{id}', { params });
          return `${change.agent.name} is removed.`;
        case 'revoke':
          await call('DELETE /agents/{id}/tokens/{token_id}', { params: { ...params, token_id: change.token.id } });
          return `${change.token.name} is revoked.`;
      }
    },
    onSuccess: (text) => notify('good', text),
    onError: (error) => notify('bad', `${describeFailure(error).title} ${describeFailure(error).advice}`),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.agents }),
  });
}
