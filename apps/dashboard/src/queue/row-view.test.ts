import { describe, expect, it } from '@jest/globals';
import { closedText } from './closed-text.js';
import { rowView } from './row-view.js';
import { anApproval, aVote } from './testing/an-approval.js';

describe('a row', () => {
  it('shows the first command and counts the others', () => {
    expect(rowView(anApproval({ command: 'cd /srv && make test && ls' }))).toMatchObject({
      headline: 'cd /srv',
      more: 2,
    });
  });

  it('falls back to the text where nothing could be read', () => {
    const broken = { parseable: false, reasons: ['x'], commands: [], warnings: [] };
    expect(rowView(anApproval({ command: 'if (', analysis: broken }))).toMatchObject({ headline: 'if (', more: 0 });
  });

  it('sums up tool calls and file transfers', () => {
    const nothing = { parseable: true, reasons: [], commands: [], warnings: [] };
    expect(
      rowView(anApproval({ kind: 'tool_call', command: '{"arguments":{"url":"x"},"tool":"open"}', analysis: nothing }))
        .headline,
    ).toBe('open {"url":"x"}');
    expect(
      rowView(
        anApproval({ kind: 'file_transfer', command: '{"direction":"upload","paths":["/a","/b"]}', analysis: nothing }),
      ).headline,
    ).toBe('upload /a /b');
    expect(rowView(anApproval({ kind: 'tool_call', command: 'odd', analysis: nothing })).headline).toBe('odd');
  });

  it('gives nothing away of an encrypted command', () => {
    expect(rowView(anApproval({ encrypted: true, command: 'c2VjcmV0' })).headline).toBe('Encrypted command');
  });

  it('counts the votes that still count, where more than one is needed', () => {
    const requirement = { ...anApproval().requirement, require_n_approvers: 2 };
    const votes = [aVote(), aVote({ id: 'vote_2', void: true }), aVote({ id: 'vote_3', verb: 'deny' })];
    expect([rowView(anApproval({ requirement, votes })).votes, rowView(anApproval()).votes]).toEqual(['1 of 2', null]);
  });
});

describe('how a request ended', () => {
  it('names the people, once each', () => {
    const votes = [aVote(), aVote({ id: 'vote_2', voter: { id: 'usr_2', name: 'Bob', roles: [] } })];
    expect(closedText(anApproval({ status: 'allowed', close_reason: 'reviewer', votes }))).toBe(
      'Allowed by Ada and Bob',
    );
  });

  it('tells a timeout from a denial', () => {
    expect(closedText(anApproval({ status: 'denied', close_reason: 'timeout' }))).toBe('Timed out');
    expect(closedText(anApproval({ status: 'allowed', close_reason: 'timeout' }))).toMatch(/timeout policy/);
    expect(closedText(anApproval({ status: 'denied', close_reason: 'cancelled' }))).toBe('Withdrawn by the agent');
  });
});
