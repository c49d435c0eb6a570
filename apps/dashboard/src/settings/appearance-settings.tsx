import { Checkbox } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';
import { useStore } from '../ui/store.js';
import { changePreferences, preferences } from './preferences.js';
import { SettingsSection } from './settings-section.js';

export function AppearanceSettings() {
  const { theme, letterKeys } = useStore(preferences);
  return (
    <SettingsSection title="Appearance and keys" lead="For you, in this browser. Takes effect at once.">
      <Segmented
        legend="Theme"
        value={theme}
        onChange={(choice) => changePreferences({ theme: choice })}
        choices={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <Checkbox
        checked={letterKeys}
        onChange={(event) => changePreferences({ letterKeys: event.target.checked })}
        label="Single letters are keys"
        hint="a approves, d denies, j and k go through the list. Turn it off when you use speech input."
      />
    </SettingsSection>
  );
}
