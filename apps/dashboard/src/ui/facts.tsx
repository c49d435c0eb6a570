import type { ReactNode } from 'react';

/** A headed part of a side column. */
export function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="text-small font-semibold text-ink-faint mb-1">{title}</h3>
      {children}
    </section>
  );
}

/** Names with their values. */
export function FactList({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[5.5rem_1fr] gap-x-2 gap-y-1">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}
