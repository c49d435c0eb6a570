import { createStore } from '../ui/store.js';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What this browser remembers for this person; nothing here changes what the server does. */
export interface Preferences {
  theme: ThemeChoice;
  sound: boolean;
  notifications: boolean;
  /** Single-letter keys can be turned off: speech input types letters (WCAG 2.1.4). */
  letterKeys: boolean;
  railCollapsed: boolean;
  recentReasons: string[];
}

const KEY = 'expacti.preferences';
const THEME_KEY = 'expacti.theme';
const MOST_REASONS = 6;

const defaults: Preferences = {
  theme: 'system',
  sound: false,
  notifications: false,
  letterKeys: true,
  railCollapsed: false,
  recentReasons: [],
};

/** Reads what was stored, taking only fields of the right type: storage is writable by anybody at this computer. */
export function readPreferences(stored: string | null, theme: string | null): Preferences {
  const known: Preferences = { ...defaults, theme: theme === 'light' || theme === 'dark' ? theme : 'system' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(stored ?? '{}');
  } catch {
    return known;
  }
  if (typeof parsed !== 'object' || parsed === null) return known;
  const fields = parsed as Record<string, unknown>;
  const flag = (name: 'sound' | 'notifications' | 'letterKeys' | 'railCollapsed') =>
    typeof fields[name] === 'boolean' ? fields[name] : defaults[name];
  const reasons = Array.isArray(fields.recentReasons)
    ? fields.recentReasons.filter((item) => typeof item === 'string')
    : [];
  return {
    ...known,
    sound: flag('sound'),
    notifications: flag('notifications'),
    letterKeys: flag('letterKeys'),
    railCollapsed: flag('railCollapsed'),
    recentReasons: reasons.slice(0, MOST_REASONS),
  };
}

/** The list with `reason` first, without repeats, no longer than is useful. */
export function rememberReason(reasons: string[], reason: string): string[] {
  const trimmed = reason.trim();
  if (trimmed === '' || trimmed.length > 120) return reasons;
  return [trimmed, ...reasons.filter((item) => item !== trimmed)].slice(0, MOST_REASONS);
}

function stored(key: string): string | null {
  try {
    return globalThis.localStorage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

export const preferences = createStore<Preferences>(readPreferences(stored(KEY), stored(THEME_KEY)));

export function changePreferences(change: Partial<Preferences>): void {
  preferences.set((current) => ({ ...current, ...change }));
  const { theme, ...rest } = preferences.get();
  try {
    localStorage.setItem(KEY, JSON.stringify(rest));
    if (theme === 'system') localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, theme);
  } catch {
    // Storage is blocked or full: the choice holds until the page is closed.
  }
}
