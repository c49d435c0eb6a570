import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { DatabaseUnavailable } from '../index.js';
import { asDatabaseError } from './postgres-errors.js';

const withCode = (code: string): Error => Object.assign(new Error('as the server says it'), { code });
const wrapped = (error: Error): Error => new QueryFailedError('SELECT 1', [], error);

describe('an error of PostgreSQL', () => {
  it.each([
    ['08006', /cannot be reached/],
    ['57P01', /wait until it is ready/],
    ['57P03', /wait until it is ready/],
    ['53100', /disk is full/],
    ['53300', /max_connections/],
    ['53200', /memory/],
    ['55P03', /lock/],
    ['57014', /too long/],
    ['40P01', /try again/],
    ['40001', /try again/],
    ['25006', /no writes/],
    ['58030', /disk/],
    ['XX001', /backup/],
    ['ECONNREFUSED', /cannot be reached/],
    ['ECONNRESET', /cannot be reached/],
    ['ENOTFOUND', /cannot be reached/],
  ])('%s is trouble with the database, and says what to do', (code, text) => {
    for (const error of [withCode(code), wrapped(withCode(code))]) {
      const trouble = asDatabaseError(error);
      expect(trouble).toBeInstanceOf(DatabaseUnavailable);
      expect(String(trouble)).toMatch(text);
      expect(String(trouble)).toContain(code);
      expect((trouble as Error).cause).toBe(error);
    }
  });

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('of the driver, "%s", is trouble too', (message) => {
    for (const error of [new Error(message), wrapped(new Error(message))])
      expect(asDatabaseError(error)).toBeInstanceOf(DatabaseUnavailable);
  });

  it.each(['23505', '42P01', '22P02', '25P02', '23503', 'EXPACTI', 'SQLITE_FULL'])(
    '%s is the statement’s fault',
    (code) => {
      const error = withCode(code);
      expect(asDatabaseError(error)).toBe(error);
      expect(asDatabaseError(wrapped(error))).not.toBeInstanceOf(DatabaseUnavailable);
    },
  );

  it('stays what it is when it is none', () => {
    for (const other of [new Error('changed my mind'), 'text', null, undefined, 7])
      expect(asDatabaseError(other)).toBe(other);
  });
});
