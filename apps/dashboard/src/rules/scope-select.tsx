import type { ComponentProps } from 'react';
import type { RuleScope } from '../api/types.js';
import { useTargetGroups, useTargets } from '../targets/use-targets.js';
import { Select } from '../ui/field.js';
import { readScope, writeScope } from './scope.js';

interface ScopeSelectProps extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  value: RuleScope;
  onChange: (scope: RuleScope) => void;
  /** Name of the target at hand, offered first. */
  suggestTarget?: string | null;
}

/** Everywhere, a group of targets, or one target. */
export function ScopeSelect({ value, onChange, suggestTarget = null, ...rest }: ScopeSelectProps) {
  const targets = useTargets().data?.data ?? [];
  const groups = useTargetGroups().data?.data ?? [];
  const here = targets.find((target) => target.name === suggestTarget);
  const hereGroups = groups.filter((group) => here?.group_ids.includes(group.id));
  const others = targets.filter((target) => target !== here);
  const otherGroups = groups.filter((group) => !hereGroups.includes(group));
  return (
    <Select {...rest} value={writeScope(value)} onChange={(event) => onChange(readScope(event.target.value))}>
      <option value="global">on every target</option>
      {here && <option value={writeScope({ type: 'target', id: here.id })}>only on {here.name}</option>}
      {hereGroups.map((group) => (
        <option key={group.id} value={writeScope({ type: 'group', id: group.id })}>
          in the group {group.name}
        </option>
      ))}
      {otherGroups.length > 0 && (
        <optgroup label="Groups">
          {otherGroups.map((group) => (
            <option key={group.id} value={writeScope({ type: 'group', id: group.id })}>
              in the group {group.name}
            </option>
          ))}
        </optgroup>
      )}
      {others.length > 0 && (
        <optgroup label="Targets">
          {others.map((target) => (
            <option key={target.id} value={writeScope({ type: 'target', id: target.id })}>
              only on {target.name}
            </option>
          ))}
        </optgroup>
      )}
    </Select>
  );
}
