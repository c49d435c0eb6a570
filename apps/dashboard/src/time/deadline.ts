/** How a time limit stands at one moment. */
export interface Deadline {
  /** Whole seconds left, rounded up; 0 when it has passed. */
  seconds: number;
  /** Part of the whole wait that is left, 0–1. */
  fraction: number;
  /** `soon` from 20 s on, `last` from 10 s on: those are announced assertively. */
  urgency: 'calm' | 'soon' | 'last' | 'over';
}

export function deadlineAt(createdAt: string, deadline: string, now: number): Deadline {
  const end = Date.parse(deadline);
  const whole = Math.max(1, end - Date.parse(createdAt));
  const left = Math.max(0, end - now);
  const seconds = Math.ceil(left / 1000);
  return { seconds, fraction: Math.min(1, left / whole), urgency: urgencyOf(seconds) };
}

function urgencyOf(seconds: number): Deadline['urgency'] {
  if (seconds === 0) return 'over';
  if (seconds <= 10) return 'last';
  return seconds <= 20 ? 'soon' : 'calm';
}

/** `47`, `4:05`, `3 h`, `2 d`: what fits beside a ring. */
export function shortDuration(seconds: number): string {
  if (seconds < 60) return String(seconds);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `47 seconds`, `4 minutes 5 seconds`, `1 hour 20 minutes`: as it is read aloud. The two largest units. */
export function spokenDuration(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ];
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ') || '0 seconds';
}
