import type { Approval, Risk } from '@expacti/sdk';
import { escapeText } from '@expacti/shell';
import colors from 'picocolors';
import { prose } from './prose.js';
import { requirementText } from './requirement-text.js';
import { indent } from './table.js';
import { timeLeft, timeSince } from './time-left.js';

const RISK_COLOR = { low: colors.green, medium: colors.yellow, high: colors.red, critical: colors.magenta } as const;

export const riskText = (risk: Risk): string => RISK_COLOR[risk.level](`${risk.level} (${risk.score})`);

/**
 * A request as a reviewer must see it: the exact command, escaped, never shortened, and everything that it could run.
 * @param now Milliseconds since 1970.
 */
export function approvalText(approval: Approval, now: number): string {
  const { risk, analysis } = approval;
  const state = approval.status === 'pending' ? `${timeLeft(approval.deadline_at, now)} left` : approval.status;
  const lines = [
    `${colors.bold(approval.id)}  risk ${riskText(risk)}  ${state}`,
    ...(approval.encrypted ? [colors.yellow('The command is end-to-end encrypted; decide in the dashboard.')] : []),
    indent(colors.cyan(escapeText(approval.command))),
    ...(approval.original_command === null || approval.original_command === undefined
      ? []
      : ['  the agent asked for:', indent(escapeText(approval.original_command))]),
    `  asked by ${prose(approval.agent.name)} ${timeSince(approval.created_at, now)}, ${placeText(approval)}`,
    ...(approval.reason ? [`  why: ${prose(approval.reason)}`] : []),
    ...(approval.context ? [`  context: ${escapeText(JSON.stringify(approval.context))}`] : []),
    ...risk.reasons.map((reason) => `  ${colors.yellow('!')} ${prose(reason)}`),
    ...(risk.reversible === 'no' ? [`  ${colors.yellow('!')} cannot be undone`] : []),
    ...(analysis.parseable ? [] : [`  ${colors.yellow('!')} not understood: ${prose(analysis.reasons.join('; '))}`]),
    ...analysis.warnings.map((warning) => `  ${colors.yellow('!')} ${prose(warning)}`),
    ...partsText(approval),
    `  needs ${prose(requirementText(approval.requirement))}`,
    `  sha256 ${approval.command_sha256}  version ${approval.version}`,
  ];
  return lines.join('\n');
}

function placeText(approval: Approval): string {
  const place = [
    approval.target && `on ${approval.target}`,
    approval.cwd && `in ${approval.cwd}`,
    `by ${approval.shell}`,
  ];
  return escapeText(place.filter(Boolean).join(' '));
}

function partsText({ analysis }: Approval): string[] {
  const [only, ...more] = analysis.commands;
  if (only === undefined || (more.length === 0 && only.dynamic.length === 0)) return [];
  return [
    '  would run:',
    ...analysis.commands.map((part) => {
      const dynamic =
        part.dynamic.length === 0
          ? ''
          : colors.yellow(`  (not known before it runs: ${escapeText(part.dynamic.join(', '))})`);
      return `    · ${escapeText(part.text)}${dynamic}`;
    }),
  ];
}
