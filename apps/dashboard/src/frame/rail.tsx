import { Link, useLocation } from '@tanstack/react-router';
import { Ellipsis, PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMe } from '../session/session.js';
import { changePreferences, preferences } from '../settings/preferences.js';
import { IconButton } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { useStore } from '../ui/store.js';
import { NAVIGATION, type NavigationEntry, NOTHING_OPEN, PHONE_ENTRIES } from './navigation.js';
import { usePendingCount } from './use-pending-count.js';

const MoreDialog = lazy(() => import('./more-dialog.js'));

function useEntries(): NavigationEntry[] {
  const { permissions } = useMe();
  return NAVIGATION.filter((entry) => entry.permission === null || permissions.includes(entry.permission));
}

function useIsHere(): (entry: NavigationEntry) => boolean {
  const { pathname } = useLocation();
  return (entry) => entry.covers.some((path) => pathname === path || pathname.startsWith(`${path}/`));
}

/** The left rail of a wide screen. */
export function Rail() {
  const { railCollapsed } = useStore(preferences);
  const isHere = useIsHere();
  return (
    <nav
      aria-label="Main"
      className={classNames(
        'hidden md:flex flex-col gap-0.5 shrink-0 border-r border-line bg-panel p-2',
        railCollapsed ? 'w-13' : 'w-44',
      )}
    >
      {useEntries().map((entry) => (
        <RailLink key={entry.to} entry={entry} here={isHere(entry)} collapsed={railCollapsed} />
      ))}
      <div className="mt-auto">
        <IconButton
          label={railCollapsed ? 'Widen the navigation' : 'Narrow the navigation'}
          onClick={() => changePreferences({ railCollapsed: !railCollapsed })}
        >
          {railCollapsed ? (
            <PanelLeftOpen size={16} aria-hidden="true" />
          ) : (
            <PanelLeftClose size={16} aria-hidden="true" />
          )}
        </IconButton>
      </div>
    </nav>
  );
}

function RailLink({ entry, here, collapsed }: { entry: NavigationEntry; here: boolean; collapsed: boolean }) {
  const Icon = entry.icon;
  return (
    <Link
      to={entry.to}
      params={NOTHING_OPEN}
      aria-current={here ? 'page' : undefined}
      title={collapsed ? entry.label : undefined}
      className={classNames(
        'flex items-center gap-2.5 h-8 px-2.5 rounded-control',
        here ? 'bg-selected text-accent font-medium' : 'text-ink-soft hover:bg-hover hover:text-ink',
      )}
    >
      <Icon size={16} aria-hidden="true" className="shrink-0" />
      <span className={collapsed ? 'sr-only' : 'flex-1'}>{entry.label}</span>
      {entry.label === 'Queue' && <PendingCount collapsed={collapsed} />}
    </Link>
  );
}

function PendingCount({ collapsed }: { collapsed: boolean }) {
  const count = usePendingCount();
  if (count === 0) return null;
  return <span className={collapsed ? 'sr-only' : 'text-small tabular-nums'}>{count > 999 ? '999+' : count}</span>;
}

/** The bottom bar of a phone. */
export function BottomBar() {
  const entries = useEntries();
  const isHere = useIsHere();
  const [more, setMore] = useState(false);
  const hidden = entries.slice(PHONE_ENTRIES);
  return (
    <nav
      aria-label="Main"
      className="md:hidden flex shrink-0 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)]"
    >
      {entries.slice(0, PHONE_ENTRIES).map((entry) => (
        <BottomLink key={entry.to} entry={entry} here={isHere(entry)} />
      ))}
      <button
        type="button"
        onClick={() => setMore(true)}
        className={classNames(
          'flex-1 grid justify-items-center gap-0.5 py-1.5 text-small',
          hidden.some(isHere) ? 'text-accent' : 'text-ink-soft',
        )}
      >
        <Ellipsis size={18} aria-hidden="true" /> More
      </button>
      {more && (
        <Suspense fallback={null}>
          <MoreDialog entries={hidden} isHere={isHere} onClose={() => setMore(false)} />
        </Suspense>
      )}
    </nav>
  );
}

function BottomLink({ entry, here }: { entry: NavigationEntry; here: boolean }) {
  const count = usePendingCount();
  return (
    <Link
      to={entry.to}
      params={NOTHING_OPEN}
      aria-current={here ? 'page' : undefined}
      className={classNames(
        'relative flex-1 grid justify-items-center gap-0.5 py-1.5 text-small',
        here ? 'text-accent font-medium' : 'text-ink-soft',
      )}
    >
      <entry.icon size={18} aria-hidden="true" />
      {entry.label}
      {entry.label === 'Queue' && count > 0 && (
        <span className="absolute top-0.5 left-1/2 ml-2 min-w-4 px-1 rounded-panel bg-accent-fill text-on-fill text-small leading-4 text-center tabular-nums">
          {count > 99 ? '99+' : count}
        </span>
      )}
    </Link>
  );
}
