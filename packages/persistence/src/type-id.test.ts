import { describe, expect, it } from '@jest/globals';
import { createIdSource, isId, newId } from './type-id.js';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll('-', ''), 'hex'));

describe('a TypeID', () => {
  it('encodes as the specification does', () => {
    // The specification's example 0188bac7-4afa-78aa-bc3b-bd1eef28d881 is prefix_01h2xcejqtf2nbrexx3vqjhp41.
    const uuid = bytesOf('0188bac7-4afa-78aa-bc3b-bd1eef28d881');
    const ms = 0x0188bac74afa;
    const make = createIdSource(
      () => ms,
      (bytes) => bytes.set(uuid.subarray(16 - bytes.length)),
    );
    // The counter starts in its lower half, so 78aa becomes 70aa.
    expect(make('prefix')).toBe('prefix_01h2xcejqte2nbrexx3vqjhp41');
  });

  it('grows strictly, within a millisecond and when the clock goes back', () => {
    let now = 1_700_000_000_000;
    const make = createIdSource(
      () => now,
      (bytes) => bytes.fill(255),
    );
    const ids = Array.from({ length: 300_000 }, (_, index) => {
      if (index === 1000) now -= 60_000;
      return make('evt');
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, index) => index === 0 || (ids[index - 1] as string) < id)).toBe(true);
    expect(ids.every((id) => isId('evt', id))).toBe(true);
  });

  it('has a prefix of lower case letters', () => {
    expect(newId('cmd')).toMatch(/^cmd_[0-7][0-9a-z]{25}$/);
    for (const prefix of ['', 'Cmd', '_cmd', 'cmd_', 'c1', 'a'.repeat(64)])
      expect(() => newId(prefix)).toThrow('prefix');
  });

  it('is recognized only with its own prefix and alphabet', () => {
    const id = newId('cmd');
    expect(isId('cmd', id)).toBe(true);
    const wrong = [
      id.toUpperCase(),
      `${id}0`,
      id.slice(0, -1),
      id.replace('cmd', 'apr'),
      `cmd_8${id.slice(5)}`,
      null,
      7,
      {},
    ];
    for (const text of [...wrong, `cmd_${'u'.repeat(26)}`]) expect(isId('cmd', text)).toBe(false);
  });
});
