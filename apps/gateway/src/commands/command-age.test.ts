import { createIdSource, newId } from '@expacti/persistence';
import { describe, expect, it } from '@jest/globals';
import { momentOfCommandId } from './command-age.js';

const idAt = (moment: number) =>
  createIdSource(
    () => moment,
    (bytes) => bytes.fill(0xff),
  )('cmd');

describe('the moment of a command id', () => {
  it.each([0, 1, 1_767_225_600_000, 2 ** 48 - 1])('is when it was made: %d', (moment) => {
    expect(momentOfCommandId(idAt(moment))).toBe(moment);
  });

  it('is none where it is no command id', () => {
    for (const id of ['', 'cmd_', newId('apr'), `${idAt(5)}0`, idAt(5).toUpperCase(), 'cmd_zzzzzzzzzzzzzzzzzzzzzzzzzz'])
      expect([id, momentOfCommandId(id)]).toEqual([id, null]);
  });
});
