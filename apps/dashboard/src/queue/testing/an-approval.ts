import type { Approval } from '../../api/types.js';

/** A pending request for tests; only what a test is about is spelled there. */
export function anApproval(change: Partial<Approval> = {}): Approval {
  const command = change.command ?? 'git fetch origin';
  return {
    id: 'apr_1',
    command_id: 'cmd_1',
    version: 1,
    status: 'pending',
    kind: 'command',
    command,
    command_sha256: 'a'.repeat(64),
    command_escaped: command,
    original_command: null,
    shell: 'bash',
    cwd: '/srv',
    target: 'web-1',
    agent: { id: 'agt_1', name: 'deploy-bot' },
    session_id: 'ses_1',
    reason: null,
    context: null,
    risk: { score: 10, level: 'low', reversible: 'yes', reasons: [] },
    analysis: {
      parseable: true,
      reasons: [],
      commands: command.split(' && ').map((text) => judged(text)),
      warnings: [],
    },
    requirement: {
      require_n_approvers: 1,
      policy: 'AnyOf',
      roles: [],
      groups: [],
      missing: { approvers: 1, roles: [], groups: [] },
    },
    votes: [],
    encrypted: false,
    created_at: '2026-11-22T12:00:00.000Z',
    deadline_at: '2026-11-22T12:01:00.000Z',
    closed_at: null,
    close_reason: null,
    ...change,
  };
}

/** One judged command whose words are literal, except those with a `$`. */
export function judged(text: string): Approval['analysis']['commands'][number] {
  const words = text.split(' ');
  const dynamic = words.filter((word) => word.includes('$'));
  return {
    argv: dynamic.length > 0 ? null : words,
    text,
    dynamic,
    context: [],
    verdict: 'review',
    rule_id: null,
    reasons: [],
  };
}

export function aVote(change: Partial<Approval['votes'][number]> = {}): Approval['votes'][number] {
  return {
    id: 'vote_1',
    verb: 'approve',
    voter: { id: 'usr_1', name: 'Ada', roles: ['reviewer'] },
    version: 1,
    command_sha256: 'a'.repeat(64),
    reason: null,
    edited_command: null,
    remember: null,
    at: '2026-11-22T12:00:30.000Z',
    void: false,
    ...change,
  };
}
