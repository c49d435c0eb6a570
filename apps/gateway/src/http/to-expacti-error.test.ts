import { ExpactiError } from '@expacti/contracts';
import { DatabaseUnavailable } from '@expacti/persistence';
import { describe, expect, it } from '@jest/globals';
import { toExpactiError } from './to-expacti-error.js';

const library = (status: number, type?: string) => Object.assign(new Error('inner words'), { status, type });

describe('a thrown thing', () => {
  it('that is of the catalogue stays what it is', () => {
    const error = new ExpactiError('STALE_VERSION', 'look again');
    expect(toExpactiError(error)).toBe(error);
  });

  it.each([
    [new DatabaseUnavailable('disk full'), 'UNAVAILABLE'],
    [library(400, 'entity.parse.failed'), 'MALFORMED_JSON'],
    [library(403, 'entity.verify.failed'), 'MALFORMED_JSON'],
    [library(413, 'entity.too.large'), 'TOO_LARGE'],
    [library(413), 'TOO_LARGE'],
    [library(415, 'encoding.unsupported'), 'UNSUPPORTED_MEDIA_TYPE'],
    [library(415, 'charset.unsupported'), 'UNSUPPORTED_MEDIA_TYPE'],
    [library(400, 'request.aborted'), 'MALFORMED_JSON'],
    [library(400, 'request.size.invalid'), 'MALFORMED_JSON'],
    [library(400), 'MALFORMED_JSON'],
    [library(500, 'stream.encoding.set'), 'INTERNAL'],
    [new URIError('inner words'), 'NOT_FOUND'],
    [new TypeError('inner words'), 'INTERNAL'],
    ['inner words', 'INTERNAL'],
    [null, 'INTERNAL'],
    [undefined, 'INTERNAL'],
    [{ status: 'odd' }, 'INTERNAL'],
  ])('%p reads %s, and tells nothing of the inside', (thrown, code) => {
    const error = toExpactiError(thrown);
    expect(error.code).toBe(code);
    expect(JSON.stringify(error.toProblem())).not.toMatch(/inner words|disk full/);
  });
});
