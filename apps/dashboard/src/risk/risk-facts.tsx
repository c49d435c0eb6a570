import type { Risk } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { classNames } from '../ui/class-names.js';
import { RiskWord, riskSoft } from './risk-gauge.js';

const undo: Record<Risk['reversible'], string> = {
  yes: 'It can be undone.',
  partly: 'It can be undone only in part.',
  no: 'It cannot be undone.',
};

/** How bad it can be, and why. */
export function RiskFacts({ risk }: { risk: Risk }) {
  return (
    <section aria-label="Risk" className={classNames('rounded-panel p-3', riskSoft[risk.level])}>
      <p className="flex items-center justify-between gap-2">
        <RiskWord level={risk.level} />
        <span className="text-small text-ink-soft tabular-nums">{risk.score} of 100</span>
      </p>
      {risk.reasons.length > 0 && (
        <ul className="mt-1.5 grid grid-cols-1 gap-0.5">
          {risk.reasons.map((reason) => (
            <li key={reason} className="wrap-anywhere">
              <InertText text={reason} prose />
            </li>
          ))}
        </ul>
      )}
      <p className="mt-1.5 font-medium">{undo[risk.reversible]}</p>
    </section>
  );
}
