import { classNames } from '../ui/class-names.js';
import { deadlineAt, shortDuration, spokenDuration } from './deadline.js';
import { useSeconds } from './use-now.js';

const RADIUS = 7;
const LENGTH = 2 * Math.PI * RADIUS;

const colours = { calm: 'text-ink-faint', soon: 'text-medium', last: 'text-critical', over: 'text-ink-faint' };

interface DeadlineRingProps {
  createdAt: string;
  deadlineAt: string;
  size?: 'small' | 'large';
}

/** A ring that shrinks as the time runs out, with the seconds beside it. */
export function DeadlineRing({ createdAt, deadlineAt: end, size = 'small' }: DeadlineRingProps) {
  const deadline = deadlineAt(createdAt, end, useSeconds());
  const pixels = size === 'small' ? 16 : 20;
  return (
    <span
      role="img"
      aria-label={deadline.seconds === 0 ? 'time is up' : `${spokenDuration(deadline.seconds)} left`}
      title={`Until ${new Date(end).toLocaleTimeString('en-GB')}`}
      className={classNames(
        'inline-flex items-center gap-1 tabular-nums whitespace-nowrap',
        size === 'small' ? 'text-small' : 'text-body',
        colours[deadline.urgency],
        deadline.urgency === 'last' && 'font-semibold',
      )}
    >
      <svg width={pixels} height={pixels} viewBox="0 0 18 18" aria-hidden="true" className="-rotate-90 shrink-0">
        <circle cx="9" cy="9" r={RADIUS} fill="none" stroke="var(--line)" strokeWidth="2.5" />
        <circle
          cx="9"
          cy="9"
          r={RADIUS}
          fill="none"
          stroke="currentColor"
          strokeWidth="2.5"
          strokeDasharray={LENGTH}
          strokeDashoffset={LENGTH * (1 - deadline.fraction)}
        />
      </svg>
      {shortDuration(deadline.seconds)}
    </span>
  );
}
