import type { ReactNode } from 'react';
import { useTitle } from './use-title.js';

/** The head every list page shares: what it is, one sentence about it, and what can be made here. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="h-full overflow-y-auto">
      <div className="max-w-6xl mx-auto px-4 sm:px-6 pt-5 pb-16">
        <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 mb-4">
          <div className="min-w-0">
            <h1 className="text-title font-semibold tracking-tight">{title}</h1>
            {lead && <p className="text-ink-soft max-w-2xl">{lead}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}
