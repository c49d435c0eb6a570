import { describe, expect, it } from '@jest/globals';
import { readiness } from './readiness.js';

const answers = async () => undefined;
const fails = () => Promise.reject(new Error('gone'));
const silent = () => new Promise<void>(() => undefined);

describe('the readiness of a process', () => {
  it('asks for everything that it stands on', async () => {
    expect(await readiness([{ name: 'sky', check: answers }])).toEqual({
      ready: true,
      checks: [{ name: 'sky', ok: true }],
    });
    expect((await readiness([{ name: 'sky', check: fails }])).ready).toBe(false);
    expect((await readiness([{ name: 'sky', check: fails, isCritical: true }])).ready).toBe(false);
  });

  it.each([
    ['fails', fails, 'gone'],
    ['does not answer', silent, 'no answer in 20 ms'],
  ])('reports what %s and is not critical, and is there all the same', async (_, check, problem) => {
    const extra = { name: 'ground', check, isCritical: false };
    const wrong = { name: 'ground', ok: false, problem };
    expect(await readiness([{ name: 'sky', check: answers }, extra], 20)).toEqual({
      ready: true,
      checks: [{ name: 'sky', ok: true }, wrong],
    });
    expect(await readiness([{ name: 'sky', check: fails }, extra], 20)).toMatchObject({ ready: false });
  });
});
