import { expect, it } from '@jest/globals';
import { auditSummary } from './audit-summary.js';

it('says what an audit entry is about', () => {
  expect(auditSummary({ approval: { command: 'ls', name: 'x' } })).toBe('ls');
  expect(auditSummary({ rule: { pattern: 'git *' } })).toBe('git *');
  expect(auditSummary({ session: { name: 'release' } })).toBe('release');
  expect(auditSummary({ fields: { name: { before: null, after: 'web-1' } } })).toBe('web-1');
  expect(auditSummary({ fields: { timeout: { before: 1, after: 2 }, pending_limit: 3 } })).toBe(
    'timeout, pending_limit',
  );
  expect(auditSummary({ exit_code: 0 })).toBe('');
});
