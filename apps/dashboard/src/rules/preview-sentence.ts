import type { NewRule, RulePreview } from '../api/types.js';

const effects: Record<NewRule['effect'], string> = { allow: 'let run', deny: 'refused', review: 'held for review' };

/** What a rule would have done to the past, in one sentence. */
export function previewSentence(
  effect: NewRule['effect'],
  { days, examined, matches }: Pick<RulePreview, 'days' | 'examined' | 'matches'>,
): string {
  const period = `In the last ${days} days`;
  if (examined === 0) return `${period} there was nothing to compare it with.`;
  if (matches === 0) return `${period} this would have ${effects[effect]} none of ${counted(examined)}.`;
  return `${period} this would have ${effects[effect]} ${matches.toLocaleString('en')} of ${counted(examined)}:`;
}

function counted(commands: number): string {
  return `${commands.toLocaleString('en')} ${commands === 1 ? 'command' : 'commands'}`;
}
