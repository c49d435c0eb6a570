import type { ReactNode } from 'react';
import { classNames } from './class-names.js';

export type Tone = 'plain' | 'low' | 'medium' | 'high' | 'critical' | 'accent';

const tones: Record<Tone, string> = {
  plain: 'bg-hover text-ink-soft',
  low: 'bg-low-soft text-low',
  medium: 'bg-medium-soft text-medium',
  high: 'bg-high-soft text-high',
  critical: 'bg-critical-soft text-critical',
  accent: 'bg-accent-soft text-accent',
};

export function Badge({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className={classNames(
        'inline-flex items-center gap-1 px-1.5 h-5 rounded-small text-small font-medium whitespace-nowrap',
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
