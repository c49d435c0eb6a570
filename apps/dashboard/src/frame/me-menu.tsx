import { CircleHelp, LogOut, Monitor, Moon, Sun, User } from 'lucide-react';
import type { ReactNode } from 'react';
import { InertText } from '../command/inert-text.js';
import { useMe } from '../session/session.js';
import { signOut } from '../session/sign-out.js';
import { changePreferences, preferences, type ThemeChoice } from '../settings/preferences.js';
import { IconButton } from '../ui/button.js';
import { Menu, MenuChoices, MenuDivider, MenuHeading, MenuItem } from '../ui/menu.js';
import { useStore } from '../ui/store.js';
import { overlay } from './overlay.js';

const themes: { value: ThemeChoice; label: string; icon: ReactNode }[] = [
  { value: 'system', label: 'As the system', icon: <Monitor size={14} aria-hidden="true" /> },
  { value: 'light', label: 'Light', icon: <Sun size={14} aria-hidden="true" /> },
  { value: 'dark', label: 'Dark', icon: <Moon size={14} aria-hidden="true" /> },
];

/** Who one is, the theme, and the way out. */
export default function MeMenu() {
  const { user } = useMe();
  const { theme } = useStore(preferences);
  return (
    <Menu
      openAtOnce
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
