import { CircleHelp, Search, User } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { InertText } from '../command/inert-text.js';
import { useMe } from '../session/session.js';
import { IconButton, Key } from '../ui/button.js';
import { Mark } from '../ui/mark.js';
import { ConnectionState } from './connection-state.js';
import { overlay } from './overlay.js';

export function TopBar() {
  const me = useMe();
  return (
    <header className="flex items-center gap-3 shrink-0 h-11 px-3 border-b border-line bg-panel">
      <span className="flex items-center gap-2 min-w-0 font-semibold">
        <Mark />
        <span className="truncate">
          <InertText text={me.org.name} />
        </span>
      </span>
      <ConnectionState />
      <button
        type="button"
        onClick={() => overlay.set('palette')}
        className="ml-auto flex items-center gap-2 h-7 px-2 rounded-control border border-line-strong bg-raised text-ink-faint hover:text-ink"
      >
        <Search size={14} aria-hidden="true" />
        <span className="max-sm:sr-only">Find or go to</span>
        <span className="hidden sm:flex gap-0.5">
          <Key>Ctrl</Key>
          <Key>K</Key>
        </span>
      </button>
      <IconButton label="Help and keys" className="max-sm:hidden" onClick={() => overlay.set('help')}>
        <CircleHelp size={16} aria-hidden="true" />
      </IconButton>
      <Me />
    </header>
  );
}

const MeMenu = lazy(() => import('./me-menu.js'));

/** The menu is fetched when it is first asked for, and opens by itself then. */
function Me() {
  const { user } = useMe();
  const [asked, setAsked] = useState(false);
  const button = (
    <IconButton label={`You: ${user.name}`} aria-haspopup="menu" onClick={() => setAsked(true)}>
      <User size={16} aria-hidden="true" />
    </IconButton>
  );
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <MeMenu />
    </Suspense>
  );
}
