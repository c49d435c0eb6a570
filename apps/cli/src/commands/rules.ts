import { readFile } from 'node:fs/promises';
import { type Evaluation, type NewRule, type Rule, unwrap } from '@expacti/sdk';
import { escapeText } from '@expacti/shell';
import colors from 'picocolors';
import { answer, type CliContext } from '../context.js';
import { prose } from '../display/prose.js';
import { table } from '../display/table.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { connectReviewer } from '../settings/connect.js';
import { readScope, readSeconds, requireOneOf } from './flag-values.js';

const EFFECT_COLOR = { allow: colors.green, deny: colors.red, review: colors.yellow } as const;

/** `expacti rules list`: every page. */
export async function listRules(context: CliContext, flags: { query?: string; effect?: string }): Promise<number> {
  const { rules } = await connectReviewer(context);
  const found: Rule[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await rules.list({
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
      ...(flags.query === undefined ? {} : { q: flags.query }),
      ...(flags.effect === undefined ? {} : { effect: requireOneOf('--effect', flags.effect, EFFECTS) }),
    });
    found.push(...page.data);
    cursor = page.next_cursor;
  }
  answer(context, { data: found }, () =>
    found.length === 0
      ? 'There are no rules. Make one with: expacti rules add --effect allow --type glob --pattern "git status *"'
      : table(found.map((rule) => [rule.id, EFFECT_COLOR[rule.effect](rule.effect), ...describe(rule)])),
  );
  return EXIT.ok;
}

const EFFECTS = ['allow', 'deny', 'review'] as const;

function describe(rule: Rule): string[] {
  const scope = rule.scope.type === 'global' ? 'global' : `${rule.scope.type} ${rule.scope.id}`;
  const limits = [rule.shadow && 'shadow', rule.expires_at && `until ${rule.expires_at}`].filter(Boolean).join(', ');
  return [rule.pattern_type, scope, `used ${rule.use_count}×`, limits, escapeText(rule.pattern)];
}

export interface AddFlags {
  effect: string;
  type: string;
  pattern: string;
  kind?: string;
  scope?: string;
  agent?: string;
  shell?: string;
  cwd?: string;
  ttl?: string;
  note?: string;
  shadow?: boolean;
  pipeline?: boolean;
}

/** `expacti rules add`. */
export async function addRule(context: CliContext, flags: AddFlags): Promise<number> {
  const { rules } = await connectReviewer(context);
  const rule: NewRule = {
    effect: requireOneOf('--effect', flags.effect, EFFECTS),
    pattern_type: requireOneOf('--type', flags.type, ['exact', 'glob', 'regex'] as const),
    pattern: flags.pattern,
    scope: readScope(flags.scope),
    ...(flags.kind === undefined
      ? {}
      : { kind: requireOneOf('--kind', flags.kind, ['command', 'tool_call', 'file_transfer'] as const) }),
    ...(flags.agent === undefined ? {} : { agent_id: flags.agent }),
    ...(flags.shell === undefined
      ? {}
      : { shell: requireOneOf('--shell', flags.shell, ['bash', 'sh', 'dash', 'zsh', 'fish'] as const) }),
    ...(flags.cwd === undefined ? {} : { cwd: flags.cwd }),
    ...(flags.note === undefined ? {} : { note: flags.note }),
    ...(flags.shadow ? { shadow: true } : {}),
    ...(flags.pipeline ? { pipeline: true } : {}),
    ...(flags.ttl === undefined
      ? {}
      : { expires_at: new Date(context.now() + readSeconds('--ttl', flags.ttl) * 1_000).toISOString() }),
  };
  const made = await rules.create(rule);
  answer(context, made, () => `Made ${made.id}: ${made.effect} ${describe(made).join(' ')}`);
  return EXIT.ok;
}

/** `expacti rules delete ID`: answers when no gateway uses it any more. */
export async function deleteRule(context: CliContext, id: string): Promise<number> {
  const { rules } = await connectReviewer(context);
  await rules.delete(id);
  answer(context, { deleted: id }, () => `Deleted ${id}.`);
  return EXIT.ok;
}

/** `expacti rules test COMMAND`: how it would be judged. Exit code 0 allow, 1 deny or review. */
export async function testRules(
  context: CliContext,
  command: string,
  flags: { shell?: string; cwd?: string; target?: string },
): Promise<number> {
  const { rules } = await connectReviewer(context);
  const { shell, cwd, target } = flags;
  const evaluation = await rules.evaluate({
    command,
    ...(shell === undefined
      ? {}
      : { shell: requireOneOf('--shell', shell, ['bash', 'sh', 'dash', 'zsh', 'fish'] as const) }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(target === undefined ? {} : { target }),
  });
  answer(context, evaluation, () => evaluationText(evaluation));
  return evaluation.verdict === 'allow' ? EXIT.ok : EXIT.failed;
}

function evaluationText(evaluation: Evaluation): string {
  const { verdict, risk } = evaluation;
  return [
    `${EFFECT_COLOR[verdict](verdict)}  risk ${risk.level} (${risk.score})`,
    ...evaluation.reasons.map((reason) => `  ${prose(reason)}`),
    ...evaluation.commands.flatMap((part) => [
      `  · ${escapeText(part.text)}: ${EFFECT_COLOR[part.verdict](part.verdict)}${part.rule_id ? ` by ${part.rule_id}` : ''}`,
      ...part.reasons.map((reason) => `      ${prose(reason)}`),
    ]),
    ...evaluation.warnings.map((warning) => `  ${colors.yellow('!')} ${prose(warning)}`),
  ].join('\n');
}

/** `expacti rules export`: what `import` takes, on standard output. */
export async function exportRules(context: CliContext): Promise<number> {
  const { api } = await connectReviewer(context);
  const exported = await unwrap(api.GET('/api/v1/rules/export'));
  answer(context, exported, () => JSON.stringify(exported, null, 2));
  return EXIT.ok;
}

/** `expacti rules import FILE` (`-`: standard input): all or none. */
export async function importRules(context: CliContext, file: string, flags: { dryRun?: boolean }): Promise<number> {
  const { api } = await connectReviewer(context);
  const result = await unwrap(
    api.POST('/api/v1/rules/import', {
      body: { rules: await readRules(context, file), ...(flags.dryRun ? { dry_run: true } : {}) },
    }),
  );
  answer(context, result, () =>
    [
      `${flags.dryRun ? 'Would make' : 'Made'} ${result.created} rules; ${result.skipped} were there already.`,
      ...result.problems.map(({ index, message }) => `  rule ${index + 1}: ${prose(message)}`),
    ].join('\n'),
  );
  return result.problems.length === 0 ? EXIT.ok : EXIT.failed;
}

async function readRules(context: CliContext, file: string): Promise<NewRule[]> {
  let text = '';
  try {
    if (file === '-') for await (const chunk of context.input) text += String(chunk);
    else text = await readFile(file, 'utf8');
    const { rules } = JSON.parse(text) as { rules?: unknown };
    if (Array.isArray(rules)) return rules;
  } catch (error) {
    throw new CliFailure(`${file} cannot be read: ${(error as Error).message}`, EXIT.invalid);
  }
  throw new CliFailure(
    `${file} holds no rules: it must be {"rules": […]}, as "expacti rules export" writes it.`,
    EXIT.invalid,
  );
}
