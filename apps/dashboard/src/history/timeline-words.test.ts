import { expect, it } from '@jest/globals';
import { resultText, timelineWords } from './timeline-words.js';

const entry = (action: string, data: Record<string, unknown>) =>
  timelineWords({ at: '2026-11-22T12:00:00.000Z', actor: { kind: 'user', id: 'u', name: 'Ada' }, action, data });

it('puts each step of a story in words, and one of a new name by its name', () => {
  expect(entry('command.submitted', { reason: 'backup' })).toEqual({ title: 'Asked', detail: null, quote: 'backup' });
  expect(entry('approval.closed', { outcome: 'denied', source: 'timeout' })).toMatchObject({
    title: 'Decided',
    detail: 'denied, by timeout',
  });
  expect(entry('approval.closed', { approval: { status: 'allowed', close_reason: 'reviewer' } }).detail).toBe(
    'allowed, by reviewer',
  );
  expect(entry('command.finished', { exit_code: 1 }).detail).toBe('exit code 1');
  expect(entry('quota.raised', {})).toEqual({ title: 'Quota raised', detail: null, quote: null });
});

it('tells an exit code from a signal', () => {
  expect([resultText({ exit_code: 0, signal: null }), resultText({ exit_code: null, signal: 'SIGTERM' })]).toEqual([
    'exit code 0',
    'killed by SIGTERM',
  ]);
});
