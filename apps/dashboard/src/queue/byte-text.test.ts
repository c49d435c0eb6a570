import { expect, it } from '@jest/globals';
import { byteText } from './byte-text.js';

it('writes sizes in the largest unit that keeps them above one', () => {
  expect([0, 1, 1023, 1024, 12_800, 3 * 1024 ** 3].map(byteText)).toEqual([
    '0 bytes',
    '1 byte',
    '1023 bytes',
    '1.0 KiB',
    '12.5 KiB',
    '3.0 GiB',
  ]);
});
