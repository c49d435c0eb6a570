import type { ReactNode } from 'react';
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

/** A prompt, held. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <path
        d="M6 9l7 7-7 7"
        fill="none"
        stroke="currentColor"
        strokeWidth="3.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M20 8v16M26 8v16" fill="none" stroke="var(--accent)" strokeWidth="3.5" strokeLinecap="round" />
    </svg>
  );
}

export function FormError({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className="empty:absolute">
      {text && <p className="p-2 rounded-control bg-critical-soft text-critical wrap-anywhere">{text}</p>}
    </div>
  );
}
