import { Link, useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useMe } from '../session/session.js';
import { classNames } from '../ui/class-names.js';
import { Page } from '../ui/page.js';
import { Empty } from '../ui/states.js';
import { AppearanceSettings } from './appearance-settings.js';
import { LimitSettings } from './limit-settings.js';
import { NotificationSettings } from './notification-settings.js';
import { OrganisationSettings } from './organisation-settings.js';
import { PasswordSettings } from './password-settings.js';
import { PeopleSettings } from './people-settings.js';
import { TimeoutSettings } from './timeout-settings.js';

interface Section {
  name: string;
  label: string;
  group: 'You' | 'Organisation';
  permission: 'org:read' | 'users:read' | null;
  part: ComponentType;
}

const SECTIONS: Section[] = [
  { name: 'appearance', label: 'Appearance and keys', group: 'You', permission: null, part: AppearanceSettings },
  {
    name: 'notifications',
    label: 'Sound and notifications',
    group: 'You',
    permission: null,
    part: NotificationSettings,
  },
  { name: 'password', label: 'Password', group: 'You', permission: null, part: PasswordSettings },
  {
    name: 'organisation',
    label: 'Name and approval',
    group: 'Organisation',
    permission: 'org:read',
    part: OrganisationSettings,
  },
  {
    name: 'timeouts',
    label: 'When nobody answers',
    group: 'Organisation',
    permission: 'org:read',
    part: TimeoutSettings,
  },
  {
    name: 'limits',
    label: 'Remembering and limits',
    group: 'Organisation',
    permission: 'org:read',
    part: LimitSettings,
  },
  { name: 'people', label: 'People', group: 'Organisation', permission: 'users:read', part: PeopleSettings },
];

/** Each page says what it changes and for whom, and saves when told to. */
export function SettingsPage() {
  const { section = 'appearance' } = useParams({ from: '/frame/settings/{-$section}' });
  const { permissions, org } = useMe();
  const shown = SECTIONS.filter(
    ({ permission, name }) =>
      (permission === null || permissions.includes(permission)) && !(name === 'password' && org.eval),
  );
  const current = shown.find(({ name }) => name === section);
  return (
    <Page title="Settings">
      <div className="grid grid-cols-1 gap-6 md:grid-cols-[12rem_minmax(0,1fr)]">
        <nav aria-label="Settings" className="grid grid-cols-1 gap-4 content-start">
          {(['You', 'Organisation'] as const).map((group) => (
            <div key={group}>
              <h2 className="text-small font-semibold text-ink-faint mb-1">{group}</h2>
              <ul>
                {shown
                  .filter((entry) => entry.group === group)
                  .map(({ name, label }) => (
                    <li key={name}>
                      <Link
                        to="/settings/{-$section}"
                        params={{ section: name }}
                        aria-current={name === section ? 'page' : undefined}
                        className={classNames(
                          'block px-2 py-1 rounded-control',
                          name === section ? 'bg-selected text-accent font-medium' : 'text-ink-soft hover:bg-hover',
                        )}
                      >
                        {label}
                      </Link>
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </nav>
        <div className="max-w-xl">
          {current ? <current.part /> : <Empty title="There is no such page">Choose one on the left.</Empty>}
        </div>
      </div>
    </Page>
  );
}
