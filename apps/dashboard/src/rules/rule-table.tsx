import { Link } from '@tanstack/react-router';
import type { Rule } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { useScopeNames } from '../targets/use-targets.js';
import { Badge } from '../ui/badge.js';
import { TimeAgo } from '../ui/time-ago.js';
import { EffectBadge } from './effect-badge.js';
import { PatternText } from './pattern-text.js';
import { scopeWords } from './scope.js';

const hidden = 'hidden md:table-cell';

/** Rules with what they match, where, and how often they were used. */
export function RuleTable({ rules }: { rules: Rule[] }) {
  const names = useScopeNames();
  return (
    <table className="w-full text-left border-t border-line">
      <thead className="text-small text-ink-faint">
        <tr className="border-b border-line">
          <th scope="col" className="font-medium px-2 py-1.5 w-20">
            Effect
          </th>
          <th scope="col" className="font-medium px-2">
            Pattern
          </th>
          <th scope="col" className={`font-medium px-2 ${hidden}`}>
            Where
          </th>
          <th scope="col" className={`font-medium px-2 text-right ${hidden}`}>
            Uses
          </th>
          <th scope="col" className={`font-medium px-2 ${hidden}`}>
            Last used
          </th>
          <th scope="col" className="font-medium px-2">
            Expires
          </th>
          <th scope="col" className="hidden lg:table-cell font-medium px-2">
            By
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.id} className="border-b border-line align-top hover:bg-hover">
            <td className="px-2 py-2">
              <EffectBadge effect={rule.effect} />
            </td>
            <td className="px-2 py-2 min-w-0">
              <Link to="/rules/$ruleId" params={{ ruleId: rule.id }} className="hover:underline">
                <PatternText pattern={rule.pattern} type={rule.pattern_type} />
              </Link>
              <RuleMarks rule={rule} />
            </td>
            <td className={`px-2 py-2 ${hidden}`}>
              <InertText text={scopeWords(rule.scope, names)} />
            </td>
            <td className={`px-2 py-2 text-right tabular-nums ${hidden}`}>
              {(rule.shadow ? rule.shadow_count : rule.use_count).toLocaleString('en')}
            </td>
            <td className={`px-2 py-2 whitespace-nowrap ${hidden}`}>
              {rule.last_used_at ? <TimeAgo at={rule.last_used_at} /> : <span className="text-ink-faint">never</span>}
            </td>
            <td className="px-2 py-2 whitespace-nowrap">
              {rule.expires_at ? <TimeAgo at={rule.expires_at} /> : <span className="text-ink-faint">never</span>}
            </td>
            <td className="hidden lg:table-cell px-2 py-2">
              <InertText text={rule.created_by.name} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RuleMarks({ rule }: { rule: Rule }) {
  const limits = [
    rule.agent_id && 'one agent',
    rule.session_id && 'one session',
    rule.shell,
    rule.cwd && `in ${rule.cwd}`,
  ].filter((text): text is string => Boolean(text));
  return (
    <span className="flex flex-wrap gap-1 items-center text-small text-ink-faint empty:hidden">
      {rule.shadow && <Badge title="It only reports what it would have done">shadow</Badge>}
      {rule.kind !== 'command' && <Badge>{rule.kind.replace('_', ' ')}</Badge>}
      {rule.pattern_type !== 'exact' && <span>{rule.pattern_type}</span>}
      {limits.length > 0 && <InertText text={limits.join(', ')} />}
      {rule.note && <InertText text={rule.note} prose />}
    </span>
  );
}
