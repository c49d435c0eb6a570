import type { AgentPrincipal, Submission } from '@expacti/contracts';
import { describe, expect, it } from '@jest/globals';
import { agent } from '../../test/fixtures.js';
import { resolveSubmission } from './resolve-submission.js';

const web = { id: 'tgt_web', name: 'web', shell: null, production: false, group_ids: [] };
const old = { id: 'tgt_old', name: 'old', shell: 'sh' as const, production: true, group_ids: ['grp_1'] };
const TARGETS = [web, old];

function resolve(claims: Partial<AgentPrincipal>, more: Partial<Submission> = {}, sessionTarget?: string | null) {
  const submission = { kind: 'command', command: 'make', ...more } as Submission;
  const session = sessionTarget === undefined ? null : { id: 'ses_1', target: sessionTarget };
  const { target, shell, sessionId } = resolveSubmission(agent(claims), submission, session, TARGETS);
  return { target: target?.name ?? null, shell, sessionId };
}
const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the target', () => {
  it('is none where none is named and the token may go anywhere', () => {
    expect(resolve({}).target).toBeNull();
  });

  it('is named by name or id, or taken from the session', () => {
    expect(resolve({}, { target: 'web' }).target).toBe('web');
    expect(resolve({}, { target: 'tgt_web' }).target).toBe('web');
    expect(resolve({}, {}, 'old')).toMatchObject({ target: 'old', sessionId: 'ses_1' });
    expect(resolve({}, { target: 'web' }, 'old').target).toBe('web');
  });

  it('is the only one that the token covers, where it covers one', () => {
    expect(resolve({ targets: ['web'] }).target).toBe('web');
    expect(resolve({ targets: ['tgt_old'] }).target).toBe('old');
  });

  it('has to be named where the token covers several, and is refused where it covers none', () => {
    expect(codeOf(() => resolve({ targets: ['web', 'old'] }))).toBe('CLAIM_OUTSIDE_TOKEN');
    expect(codeOf(() => resolve({ targets: [] }))).toBe('CLAIM_OUTSIDE_TOKEN');
  });

  it('is refused where it is not covered or does not exist, also when the session names it', () => {
    expect(codeOf(() => resolve({ targets: ['web'] }, { target: 'old' }))).toBe('CLAIM_OUTSIDE_TOKEN');
    expect(codeOf(() => resolve({ targets: ['web'] }, {}, 'old'))).toBe('CLAIM_OUTSIDE_TOKEN');
    expect(codeOf(() => resolve({}, { target: 'nowhere' }))).toBe('UNKNOWN_TARGET');
    expect(codeOf(() => resolve({}, { target: '' }))).toBe('UNKNOWN_TARGET');
    expect(codeOf(() => resolve({ targets: ['gone'] }))).toBe('UNKNOWN_TARGET');
  });
});

describe('the shell', () => {
  it('is bash where nothing says otherwise', () => {
    expect(resolve({}).shell).toBe('bash');
  });

  it('is fixed by the target, then by a token that covers one', () => {
    expect(resolve({}, { target: 'old' }).shell).toBe('sh');
    expect(resolve({ shells: ['dash'] }).shell).toBe('dash');
    expect(resolve({ shells: ['sh', 'bash'] }, { shell: 'sh' }).shell).toBe('sh');
  });

  it('is refused where it is another than the target runs, or not covered', () => {
    expect(codeOf(() => resolve({}, { target: 'old', shell: 'bash' }))).toBe('CLAIM_OUTSIDE_TOKEN');
    expect(codeOf(() => resolve({ shells: ['bash'] }, { shell: 'dash' }))).toBe('CLAIM_OUTSIDE_TOKEN');
    expect(codeOf(() => resolve({ shells: ['dash', 'sh'] }))).toBe('CLAIM_OUTSIDE_TOKEN');
    expect(codeOf(() => resolve({ shells: ['bash'] }, { target: 'old' }))).toBe('CLAIM_OUTSIDE_TOKEN');
  });
});

describe('the kind', () => {
  it('is refused where the token does not cover it', () => {
    const call = { kind: 'tool_call', tool: 't', arguments: {} } as const;
    expect(codeOf(() => resolve({ kinds: ['command'] }, call))).toBe('CLAIM_OUTSIDE_TOKEN');
    expect(codeOf(() => resolve({ kinds: ['tool_call'] }, call))).toBeNull();
    expect(codeOf(() => resolve({ kinds: null }, call))).toBeNull();
  });
});
