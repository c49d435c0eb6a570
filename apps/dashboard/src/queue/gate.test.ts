import { describe, expect, it } from '@jest/globals';
import { type GateFacts, gateOfApproval, gateOfDenial } from './gate.js';
import { anApproval } from './testing/an-approval.js';

const hash = 'a'.repeat(64);
const gate = (change: Partial<GateFacts> = {}) =>
  gateOfApproval({
    approval: anApproval(),
    connection: { state: 'live' },
    mayDecide: true,
    folded: false,
    shownHash: hash,
    ...change,
  });
const risky = (level: 'high' | 'critical', target: string | null = 'db-1') =>
  anApproval({ target, risk: { score: 90, level, reversible: 'no', reasons: [] } });

describe('approving', () => {
  it('is open for what is shown, live and waiting', () => {
    expect(gate()).toEqual({ kind: 'open' });
  });

  it.each(['connecting', 'reconnecting', 'stale', 'catching-up'] as const)('is shut while the page is %s', (state) => {
    expect(gate({ connection: state === 'connecting' ? { state } : { state, since: 0 } }).kind).toBe('shut');
  });

  it('is shut when the text on the screen has another hash, or none yet', () => {
    expect([gate({ shownHash: 'b'.repeat(64) }).kind, gate({ shownHash: null }).kind]).toEqual(['shut', 'shut']);
  });

  it('is open where the browser cannot compute a hash: the server compares it anyway', () => {
    expect(gate({ shownHash: 'unavailable' }).kind).toBe('open');
  });

  it('is shut for a high risk whose folded part nobody opened, and open for a low one', () => {
    expect([gate({ approval: risky('high'), folded: true }).kind, gate({ folded: true }).kind]).toEqual([
      'shut',
      'open',
    ]);
  });

  it('asks for care when the risk is critical: hold, or type the target’s name', () => {
    expect(gate({ approval: risky('critical') })).toEqual({ kind: 'careful', word: 'db-1' });
    expect(gate({ approval: risky('critical', null) })).toEqual({ kind: 'careful', word: 'deploy-bot' });
  });

  it('is shut for what cannot be read, is decided, or is not this person’s to decide', () => {
    expect([
      gate({ approval: anApproval({ encrypted: true }) }).kind,
      gate({ approval: anApproval({ status: 'allowed' }) }).kind,
      gate({ mayDecide: false }).kind,
    ]).toEqual(['shut', 'shut', 'shut']);
  });
});

it('denying needs no more than a live page and the permission', () => {
  const facts = { approval: anApproval({ encrypted: true }), connection: { state: 'live' }, mayDecide: true } as const;
  expect(gateOfDenial(facts).kind).toBe('open');
  expect(gateOfDenial({ ...facts, connection: { state: 'stale', since: 0 } }).kind).toBe('shut');
});
