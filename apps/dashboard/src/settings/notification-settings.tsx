import { useState } from 'react';
import { playTone } from '../queue/alerts.js';
import { Button } from '../ui/button.js';
import { Checkbox } from '../ui/field.js';
import { useStore } from '../ui/store.js';
import { changePreferences, preferences } from './preferences.js';
import { SettingsSection } from './settings-section.js';

type Permission = NotificationPermission | 'unsupported';

export function NotificationSettings() {
  const { sound, notifications } = useStore(preferences);
  const [permission, setPermission] = useState<Permission>(
    'Notification' in window ? Notification.permission : 'unsupported',
  );
  const turnOn = async (on: boolean) => {
    if (!on || permission === 'granted') return changePreferences({ notifications: on });
    const answer = await Notification.requestPermission();
    setPermission(answer);
    changePreferences({ notifications: answer === 'granted' });
  };
  return (
    <SettingsSection title="Sound and notifications" lead="For you, in this browser, while a tab of expacti is open.">
      <div className="flex items-start gap-4">
        <Checkbox
          className="flex-1"
          checked={sound}
          onChange={(event) => changePreferences({ sound: event.target.checked })}
          label="A tone when a request comes in"
          hint="Two tones for high risk, three for critical."
        />
        <Button size="small" onClick={() => playTone(1)}>
          Listen
        </Button>
      </div>
      <Checkbox
        checked={notifications && permission === 'granted'}
        disabled={permission === 'denied' || permission === 'unsupported'}
        onChange={(event) => void turnOn(event.target.checked)}
        label="A notification when the tab is in the background"
        hint={hintFor(permission)}
      />
    </SettingsSection>
  );
}

function hintFor(permission: Permission): string {
  if (permission === 'unsupported') return 'This browser has no notifications, or this page is not served securely.';
  if (permission === 'denied')
    return 'You told this browser to refuse them. Allow them for this site in the browser’s own settings first.';
  return 'It says that something waits and how risky it is, never the command itself.';
}
