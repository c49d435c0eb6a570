import type { ArgumentMatcher, FieldProblem, Remember } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import { dependsOnFolder, previewRule } from '@expacti/policy-engine';
import { analyze } from '@expacti/shell';
import type { z } from 'zod';
import { engineRule } from './engine-rule.js';
import { engineRequest, fileTransferOf, type HeldRequest, toolCallOf } from './held-request.js';
import { draftOf, type RuleDraft } from './rule-draft.js';
import { type RuleSetting, ruleProblems } from './rule-problems.js';

export type RememberOutcome = { ok: true; draft: RuleDraft } | { ok: false; problems: FieldProblem[] };

/** The parts of a rule that depend on the kind of what was asked for. */
type KindFields = Pick<RuleDraft, 'pattern' | 'matchers' | 'direction' | 'shell' | 'cwd'>;
type FieldsOutcome = { ok: true; fields: KindFields } | { ok: false; problem: FieldProblem };

/**
 * The rule that a vote's "remember" stands for, or why there cannot be one. It has to cover what was voted on: nobody
 * slips in a rule for something else beside an approval.
 */
export function rememberedRule(
  remember: Remember,
  effect: 'allow' | 'deny',
  held: HeldRequest,
  setting: RuleSetting,
): RememberOutcome {
  const outright = outrightRefusal(remember, held);
  if (outright !== null) return { ok: false, problems: [outright] };
  const outcome = kindFields(remember, effect, held);
  if (!outcome.ok) return { ok: false, problems: [outcome.problem] };
  const draft: RuleDraft = {
    ...draftOf({ effect, kind: held.kind, pattern_type: remember.pattern_type, pattern: '', scope: remember.scope }),
    ...outcome.fields,
    agent_id: remember.session_only ? held.agentId : null,
    session_id: remember.session_only ? held.sessionId : null,
    expires_at: remember.ttl_seconds === undefined ? null : timestamp(setting.now + remember.ttl_seconds * 1_000),
  };
  const problems = ruleProblems(draft, setting);
  if (problems.length === 0 && !covers(draft, held))
    problems.push({ path: 'pattern', message: 'does not cover what was asked for here, on this target' });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, draft };
}

function outrightRefusal(remember: Remember, held: HeldRequest): FieldProblem | null {
  if (held.encrypted)
    return { path: '', message: 'an encrypted command cannot become a rule here: its text is unknown' };
  if (remember.session_only && held.sessionId === null)
    return { path: 'session_only', message: 'the request belongs to no session' };
  if (held.kind !== 'command') return null;
  const { parseable, reasons } = analyze(held.text, held.shell);
  if (parseable) return null;
  return { path: '', message: `no rule can be made for a line that is not understood (${reasons.join('; ')})` };
}

function kindFields(remember: Remember, effect: 'allow' | 'deny', held: HeldRequest): FieldsOutcome {
  const plain: KindFields = { pattern: remember.pattern, matchers: [], direction: null, shell: null, cwd: null };
  switch (held.kind) {
    case 'command':
      return commandFields(plain, remember, effect, held);
    case 'tool_call':
      return toolCallFields(plain, remember, held);
    case 'file_transfer':
      return fileTransferFields(plain, remember, held);
  }
}

const notTheSame: FieldProblem = { path: 'pattern', message: 'must be exactly the text that was asked for' };

const folderUnknown: FieldProblem = {
  path: '',
  message:
    'what this line runs depends on the working directory, and the request did not name it: no rule can be made from it',
};

/** An allow rule holds for the shell that the text was judged in, a deny rule for all. */
function commandFields(
  plain: KindFields,
  remember: Remember,
  effect: 'allow' | 'deny',
  held: HeldRequest,
): FieldsOutcome {
  const isExact = remember.pattern_type === 'exact';
  if (isExact && remember.pattern !== held.text) return { ok: false, problem: notTheSame };
  if (effect === 'deny') return { ok: true, fields: plain };
  // What `./run`, `make` or `npm test` runs depends on the working directory: the rule holds only in the one that was shown.
  const isBound = dependsOnFolder(analyze(held.text, held.shell));
  if (isBound && held.cwd === null) return { ok: false, problem: folderUnknown };
  return { ok: true, fields: { ...plain, shell: held.shell, cwd: isBound ? held.cwd : null } };
}

/** "Exactly this" means the tool with these very arguments; a glob or regex names tools, whatever their arguments. */
function toolCallFields(plain: KindFields, remember: Remember, held: HeldRequest): FieldsOutcome {
  if (remember.pattern_type !== 'exact') return { ok: true, fields: plain };
  const call = toolCallOf(held.text);
  if (call === null || remember.pattern !== held.text) return { ok: false, problem: notTheSame };
  const equals = call.arguments as z.infer<typeof ArgumentMatcher>['equals'];
  return { ok: true, fields: { ...plain, pattern: call.tool, matchers: [{ pointer: '', equals }] } };
}

function fileTransferFields(plain: KindFields, remember: Remember, held: HeldRequest): FieldsOutcome {
  const transfer = fileTransferOf(held.text);
  if (transfer === null) return { ok: false, problem: notTheSame };
  const { direction, paths } = transfer;
  if (remember.pattern_type !== 'exact') return { ok: true, fields: { ...plain, direction } };
  if (remember.pattern !== held.text) return { ok: false, problem: notTheSame };
  const [path] = paths;
  if (path === undefined || paths.length > 1)
    return { ok: false, problem: { path: 'pattern', message: 'several paths need a glob, or a rule for each' } };
  return { ok: true, fields: { ...plain, pattern: path, direction } };
}

/** Whether the rule speaks about the request, or at least about one command of its line. */
function covers(draft: RuleDraft, held: HeldRequest): boolean {
  const request = engineRequest(held);
  if (request === null) return false;
  const targetGroups = held.targetId === null ? {} : { [held.targetId]: held.targetGroupIds };
  const { matched, partly } = previewRule(engineRule(draft, 'rule'), [{ request }], targetGroups);
  return matched.length + partly.length > 0;
}
