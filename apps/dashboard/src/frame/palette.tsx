import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { InertText } from '../command/inert-text.js';
import { rowView } from '../queue/row-view.js';
import { useQueue } from '../queue/use-queue.js';
import { useMe } from '../session/session.js';
import { signOut } from '../session/sign-out.js';
import { changePreferences } from '../settings/preferences.js';
import { NAVIGATION, NOTHING_OPEN } from './navigation.js';
import { overlay } from './overlay.js';

/** Requests offered by name; more would make typing slow, and the queue has its own search. */
const MOST_REQUESTS = 50;

const item =
  'flex items-center gap-2 px-3 h-9 rounded-control data-[selected=true]:bg-hover data-[selected=true]:outline-1 data-[selected=true]:outline-line-strong';
const group =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-small [&_[cmdk-group-heading]]:text-ink-faint';

/** Find a page, an action or a waiting request by typing. */
export default function Palette() {
  const navigate = useNavigate();
  const { permissions } = useMe();
  const waiting = [...(useQueue().data?.pending.values() ?? [])].slice(0, MOST_REQUESTS);
  const run = (action: () => unknown) => () => {
    overlay.set(null);
    void action();
  };
  return (
    <Command.Dialog
      open
      onOpenChange={() => overlay.set(null)}
      label="Find or go to"
      overlayClassName="fixed inset-0 z-40 bg-scrim"
      contentClassName="fixed z-50 left-1/2 -translate-x-1/2 top-4 sm:top-[15vh] w-[calc(100vw-2rem)] max-w-xl rounded-panel border border-line bg-raised shadow-float overflow-hidden"
    >
      <Command.Input
        placeholder="Type a page, an action, or part of a waiting command"
        className="w-full h-12 px-4 text-strong bg-transparent border-b border-line outline-none"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Command.Empty className="p-6 text-center text-ink-soft">Nothing of that name.</Command.Empty>
        <Command.Group heading="Go to" className={group}>
          {NAVIGATION.filter((entry) => entry.permission === null || permissions.includes(entry.permission)).map(
            (entry) => (
              <Command.Item
                key={entry.to}
                className={item}
                onSelect={run(() => navigate({ to: entry.to, params: NOTHING_OPEN }))}
              >
                <entry.icon size={16} aria-hidden="true" className="text-ink-faint" /> {entry.label}
              </Command.Item>
            ),
          )}
          {permissions.includes('audit:read') && (
            <Command.Item className={item} onSelect={run(() => navigate({ to: '/audit' }))}>
              Audit log
            </Command.Item>
          )}
        </Command.Group>
        <Command.Group heading="Do" className={group}>
          {permissions.includes('rules:write') && (
            <Command.Item className={item} onSelect={run(() => navigate({ to: '/rules/new' }))}>
              New rule
            </Command.Item>
          )}
          {permissions.includes('rules:read') && (
            <Command.Item className={item} onSelect={run(() => navigate({ to: '/rules', hash: 'try' }))}>
              Try a command against the rules
            </Command.Item>
          )}
          <Command.Item className={item} onSelect={run(() => changePreferences({ theme: 'light' }))}>
            Light theme
          </Command.Item>
          <Command.Item className={item} onSelect={run(() => changePreferences({ theme: 'dark' }))}>
            Dark theme
          </Command.Item>
          <Command.Item className={item} onSelect={() => overlay.set('help')}>
            Help and keys
          </Command.Item>
          <Command.Item className={item} onSelect={run(signOut)}>
            Sign out
          </Command.Item>
        </Command.Group>
        {waiting.length > 0 && (
          <Command.Group heading="Waiting" className={group}>
            {waiting.map((approval) => {
              const { headline, agent } = rowView(approval);
              return (
                <Command.Item
                  key={approval.id}
                  value={`${approval.id} ${headline} ${agent}`}
                  className={item}
                  onSelect={run(() => navigate({ to: '/queue/{-$approvalId}', params: { approvalId: approval.id } }))}
                >
                  <code className="truncate flex-1">
                    <InertText text={headline} />
                  </code>
                  <span className="text-small text-ink-faint truncate max-w-[40%]">
                    <InertText text={agent} />
                  </span>
                </Command.Item>
              );
            })}
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}
