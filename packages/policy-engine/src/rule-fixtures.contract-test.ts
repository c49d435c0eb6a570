import { decide } from './decide.js';
import type { Decision } from './decision.js';
import type { CommandRequest } from './request.js';
import type { Rule } from './rule.js';
import { createSnapshot, type Snapshot, type SnapshotInput } from './snapshot.js';

/** A rule with everything that a test does not care about filled in. */
export function rule(fields: Partial<Rule> & { pattern: string }): Rule {
  return {
    id: `rule_${fields.effect ?? 'allow'} ${fields.pattern}`,
    effect: 'allow',
    kind: 'command',
    pattern_type: 'glob',
    scope: { type: 'global' },
    ...fields,
  };
}

export const allowGlobs = (...patterns: string[]): Rule[] => patterns.map((pattern) => rule({ pattern }));

export function snapshotOf(rules: readonly Rule[], settings: Partial<SnapshotInput> = {}): Snapshot {
  return createSnapshot({ org: 'org', version: 1, rules, ...settings });
}

export function commandRequest(command: string, fields: Partial<CommandRequest> = {}): CommandRequest {
  return { kind: 'command', command, shell: 'bash', cwd: '/srv/app', agent_id: 'agent', ...fields };
}

export const NOW = Date.UTC(2026, 10, 22);

export function decideLine(rules: readonly Rule[], command: string, fields: Partial<CommandRequest> = {}): Decision {
  return decide(snapshotOf(rules), commandRequest(command, fields), NOW);
}
