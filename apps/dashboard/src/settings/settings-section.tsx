import type { ReactNode } from 'react';

/** One page of the settings: its name, and what it changes for whom. */
export function SettingsSection({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <section aria-labelledby="settings-title">
      <h2 id="settings-title" className="text-strong font-semibold">
        {title}
      </h2>
      <p className="text-ink-soft mb-4">{lead}</p>
      <div className="grid grid-cols-1 gap-4">{children}</div>
    </section>
  );
}
