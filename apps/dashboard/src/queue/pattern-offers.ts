import { suggestPatterns } from '@expacti/policy-engine';
import type { Analysis } from '@expacti/shell';
import type { Approval } from '../api/types.js';
import { readToolCall, readTransfer } from './submission.js';

/** A pattern that could be remembered for a request, from narrow to wide. */
export interface PatternOffer {
  type: 'glob' | 'regex';
  pattern: string;
  /** Index of the command of the line that it covers; 0 for other kinds. */
  part: number;
  /** Words of that command that may vary. */
  varying: number[];
}

/** The patterns on offer. They come from the very engine that will judge them, so each covers what it was made from. */
export function patternOffers(approval: Pick<Approval, 'kind' | 'command'>, analysis: Analysis): PatternOffer[] {
  switch (approval.kind) {
    case 'command':
      return suggestPatterns(analysis).flatMap(({ pattern_type, pattern, command, varying }) =>
        pattern_type === 'exact' || command === null ? [] : [{ type: pattern_type, pattern, part: command, varying }],
      );
    case 'tool_call': {
      const call = readToolCall(approval.command);
      return call ? [{ type: 'glob', pattern: call.tool, part: 0, varying: [] }] : [];
    }
    case 'file_transfer': {
      const [path] = readTransfer(approval.command)?.paths ?? [];
      return path
        ? [{ type: 'glob', pattern: `${path.slice(0, path.lastIndexOf('/') + 1)}*`, part: 0, varying: [] }]
        : [];
    }
  }
}

/** The offer to begin with: the narrowest that lets something vary, else the first. */
export function firstOffer(
  offers: readonly PatternOffer[],
  type: PatternOffer['type'],
  part: number,
): PatternOffer | undefined {
  const fitting = offers.filter((offer) => offer.type === type && offer.part === part);
  return fitting.find((offer) => offer.varying.length > 0) ?? fitting[0];
}

/** Commands of the line for which a pattern is on offer. */
export function offeredParts(offers: readonly PatternOffer[]): number[] {
  return [...new Set(offers.map(({ part }) => part))];
}
