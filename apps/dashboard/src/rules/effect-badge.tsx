import { CircleCheck, CircleQuestionMark, CircleSlash } from 'lucide-react';
import type { Rule } from '../api/types.js';
import { Badge, type Tone } from '../ui/badge.js';

const looks: Record<Rule['effect'], { tone: Tone; icon: typeof CircleCheck }> = {
  allow: { tone: 'low', icon: CircleCheck },
  deny: { tone: 'critical', icon: CircleSlash },
  review: { tone: 'medium', icon: CircleQuestionMark },
};

export function EffectBadge({ effect }: { effect: Rule['effect'] }) {
  const { tone, icon: Icon } = looks[effect];
  return (
    <Badge tone={tone}>
      <Icon size={12} aria-hidden="true" /> {effect}
    </Badge>
  );
}
