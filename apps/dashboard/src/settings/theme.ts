import { preferences } from './preferences.js';

/** Keeps the page's theme at the person's choice, or the system's where there is none. */
export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme } = preferences.get();
    const dark = theme === 'dark' || (theme === 'system' && system.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  };
  preferences.subscribe(apply);
  system.addEventListener('change', apply);
  apply();
}
