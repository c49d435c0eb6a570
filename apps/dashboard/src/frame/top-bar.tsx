import { CircleHelp, LogOut, Monitor, Moon, Search, Sun, User } from 'lucide-react';
import { InertText } from '../command/inert-text.js';
import { Mark } from '../session/front-page.js';
import { useMe } from '../session/session.js';
import { signOut } from '../session/sign-out.js';
import { changePreferences, preferences, type ThemeChoice } from '../settings/preferences.js';
import { IconButton, Key } from '../ui/button.js';
import { Menu, MenuChoices, MenuDivider, MenuHeading, MenuItem } from '../ui/menu.js';
import { useStore } from '../ui/store.js';
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
      <MeMenu />
    </header>
  );
}

const themes: { value: ThemeChoice; label: string; icon: React.ReactNode }[] = [
  { value: 'system', label: 'As the system', icon: <Monitor size={14} aria-hidden="true" /> },
  { value: 'light', label: 'Light', icon: <Sun size={14} aria-hidden="true" /> },
  { value: 'dark', label: 'Dark', icon: <Moon size={14} aria-hidden="true" /> },
];

function MeMenu() {
  const { user } = useMe();
  const { theme } = useStore(preferences);
  return (
    <Menu
      label="You and this page"
      trigger={
        <IconButton label={`You: ${user.name}`}>
          <User size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuHeading>
        <span className="block text-body text-ink font-medium">
          <InertText text={user.name} />
        </span>
        <InertText text={user.email} /> · {user.roles.join(', ')}
      </MenuHeading>
      <MenuDivider />
      <MenuHeading>Theme</MenuHeading>
      <MenuChoices value={theme} choices={themes} onChange={(choice) => changePreferences({ theme: choice })} />
      <MenuDivider />
      <MenuItem onSelect={() => overlay.set('help')}>
        <CircleHelp size={14} aria-hidden="true" /> Help and keys
      </MenuItem>
      <MenuItem onSelect={() => void signOut()}>
        <LogOut size={14} aria-hidden="true" /> Sign out
      </MenuItem>
    </Menu>
  );
}
