import type { Analysis } from '@expacti/shell';
import { useMemo, useState } from 'react';
import type { Approval } from '../api/types.js';
import { globPattern, regexPattern } from './generalize.js';
import { firstOffer, offeredParts, type PatternOffer, patternOffers } from './pattern-offers.js';
import type { RememberChoice } from './remember-choice.js';

const MONTH_SECONDS = 30 * 86_400;

/** What is chosen of a rule, with the pattern following the words that may vary until somebody types one by hand. */
export function useRememberChoice(approval: Approval, analysis: Analysis, forSessionOnly: boolean) {
  const offers = useMemo(() => patternOffers(approval, analysis), [approval, analysis]);
  const parts = offeredParts(offers);
  const [part, choosePart] = useState(parts[0] ?? 0);
  const [wildcards, chooseWildcards] = useState<ReadonlySet<number>>(new Set());
  const [choice, setChoice] = useState<RememberChoice>({
    effect: 'allow',
    patternType: 'exact',
    pattern: approval.command,
    scope: { type: 'global' },
    ttlSeconds: MONTH_SECONDS,
    sessionOnly: forSessionOnly,
  });
  const change = (update: Partial<RememberChoice>) => setChoice((current) => ({ ...current, ...update }));

  const patternOf = (type: PatternOffer['type'], varying: ReadonlySet<number>) => {
    const command = analysis.commands[part];
    if (!command) return choice.pattern;
    return type === 'glob' ? globPattern(command, varying) : regexPattern(command, varying);
  };
  const take = (offer: PatternOffer | undefined) => {
    if (!offer) return;
    choosePart(offer.part);
    chooseWildcards(new Set(offer.varying));
    change({ patternType: offer.type, pattern: offer.pattern });
  };
  const setType = (type: RememberChoice['patternType']) => {
    if (type === 'exact')
      change({ patternType: 'exact', pattern: approval.command, sessionOnly: forSessionOnly || choice.sessionOnly });
    else {
      const offer = firstOffer(offers, type, part);
      if (offer) take(offer);
      else change({ patternType: type, pattern: patternOf(type, new Set()) });
    }
  };
  const setPart = (next: number) => {
    if (choice.patternType !== 'exact') take(firstOffer(offers, choice.patternType, next));
  };
  const setWildcards = (next: ReadonlySet<number>) => {
    chooseWildcards(next);
    if (choice.patternType !== 'exact') change({ pattern: patternOf(choice.patternType, next) });
  };
  return { choice, change, setType, offers, take, parts, part, setPart, wildcards, setWildcards };
}

export type RememberState = ReturnType<typeof useRememberChoice>;
