import { CircleCheck, CircleDashed, CircleSlash, Clock, type LucideIcon, Undo2 } from 'lucide-react';
import type { Command } from '../api/types.js';
import { classNames } from '../ui/class-names.js';
import { outcomeWords } from './outcome-words.js';

const icons: Record<ReturnType<typeof outcomeWords>['mark'], [LucideIcon, string]> = {
  allowed: [CircleCheck, 'text-low'],
  denied: [CircleSlash, 'text-critical'],
  'timed-out': [Clock, 'text-medium'],
  withdrawn: [Undo2, 'text-ink-faint'],
  pending: [CircleDashed, 'text-accent'],
};

/** How a command was decided: a shape and a colour, and words unless there is no room. */
export function OutcomeMark({
  command,
  iconOnly = false,
}: {
  command: Pick<Command, 'status' | 'decision'>;
  iconOnly?: boolean;
}) {
  const { mark, text } = outcomeWords(command);
  const [Icon, colour] = icons[mark];
  return (
    <span className={classNames('inline-flex items-center gap-1.5 max-w-full', colour)} title={text}>
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      <span className={iconOnly ? 'sr-only' : 'min-w-0 overflow-hidden text-ellipsis'}>{text}</span>
    </span>
  );
}
