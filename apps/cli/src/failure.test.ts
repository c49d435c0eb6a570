import * as sdk from '@expacti/sdk';
import { describe, expect, it } from '@jest/globals';
import { EXIT } from './exit-codes.js';
import { CliFailure, failureOf } from './failure.js';

const refusal = { commandId: 'cmd_1', source: 'reviewer' as const, reason: 'no', ruleId: null, reviewers: [] };

describe('failureOf', () => {
  it.each<[Error, number]>([
    [new sdk.ExpactiDenied('x', refusal), EXIT.denied],
    [new sdk.ExpactiTimeout('x', refusal), EXIT.timeout],
    [new sdk.ExpactiCancelled('x', refusal), EXIT.cancelled],
    [new sdk.ExpactiUnavailable('x', 'UNREACHABLE'), EXIT.unavailable],
    [new sdk.ExpactiUnauthorized('x', 'FORBIDDEN'), EXIT.noPermission],
    [new sdk.ExpactiInvalid('x'), EXIT.invalid],
    [new sdk.ExpactiNotFound('x', 'NOT_FOUND'), EXIT.notFound],
    [new sdk.ExpactiConflict('x', 'STALE_VERSION'), EXIT.conflict],
    [new sdk.ExpactiReceiptError('x', 'RECEIPT_EXPIRED'), EXIT.receipt],
    [new DOMException('Interrupted.', 'AbortError'), EXIT.interrupted],
    [new CliFailure('x', EXIT.usage), EXIT.usage],
    [new Error('x'), EXIT.internal],
  ])('%s has its exit code', (error, exit) => {
    expect(failureOf(error).exit).toBe(exit);
  });

  it('knows every error class of the SDK', () => {
    const classes = Object.keys(sdk).filter((name) => /^Expacti(?!Client|Reviewer|Tool|Error$)/.test(name));
    const unknown = classes.filter((name) => failureOf(Object.assign(new Error('x'), { name })).exit === EXIT.internal);
    expect(unknown).toEqual([]);
  });

  it('keeps what explains a denial', () => {
    expect(failureOf(new sdk.ExpactiDenied('Denied', refusal)).details).toEqual({
      reason: 'no',
      source: 'reviewer',
      command_id: 'cmd_1',
    });
  });
});
