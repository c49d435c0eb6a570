import type { ReactNode } from 'react';
import { Mark } from '../ui/mark.js';
import { useTitle } from '../ui/use-title.js';

/** The frame of the pages before sign-in. */
export function FrontPage({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="min-h-full grid place-items-center p-4 bg-panel">
      <div className="w-full max-w-sm rounded-panel border border-line bg-raised p-6">
        <p className="flex items-center gap-2 font-semibold text-ink-soft mb-6">
          <Mark /> expacti
        </p>
        <h1 className="text-title font-semibold mb-1">{title}</h1>
        {lead && <p className="text-ink-soft mb-4">{lead}</p>}
        <div className="mt-4">{children}</div>
      </div>
    </main>
  );
}
