import type { RiskLevel } from '../api/types.js';
import { RISK_RANK } from '../queue/queue-order.js';
import { classNames } from '../ui/class-names.js';

const fills: Record<RiskLevel, string> = {
  low: 'bg-low',
  medium: 'bg-medium',
  high: 'bg-high',
  critical: 'bg-critical',
};
export const riskText: Record<RiskLevel, string> = {
  low: 'text-low',
  medium: 'text-medium',
  high: 'text-high',
  critical: 'text-critical',
};
export const riskSoft: Record<RiskLevel, string> = {
  low: 'bg-low-soft',
  medium: 'bg-medium-soft',
  high: 'bg-high-soft',
  critical: 'bg-critical-soft',
};

/** One to four filled steps, bottom up: the shape says it to who does not see the colour. */
export function RiskGauge({ level, className }: { level: RiskLevel; className?: string }) {
  const rank = RISK_RANK[level];
  return (
    <span
      role="img"
      aria-label={`${level} risk`}
      title={`${level} risk`}
      className={classNames('inline-flex flex-col-reverse gap-0.5 w-1.5', className ?? 'h-9')}
    >
      {[0, 1, 2, 3].map((step) => (
        <span key={step} className={classNames('flex-1 rounded-[1px]', step <= rank ? fills[level] : 'bg-line')} />
      ))}
    </span>
  );
}

export function RiskWord({ level }: { level: RiskLevel }) {
  return (
    <span className={classNames('inline-flex items-center gap-1.5 font-medium capitalize', riskText[level])}>
      <RiskGauge level={level} className="h-4" />
      <span aria-hidden="true">{level}</span>
    </span>
  );
}
