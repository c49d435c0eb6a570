import { ExpactiError } from '@expacti/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Rpc } from './rpc.js';

/** What every `Rpc` must do, whatever is behind it. */
export function rpcContract(name: string, makeRpc: () => Promise<{ rpc: Rpc; dispose(): Promise<void> }>): void {
  describe(`${name}, as request and reply`, () => {
    let rpc: Rpc;
    let dispose: () => Promise<void>;

    beforeEach(async () => {
      ({ rpc, dispose } = await makeRpc());
    });

    afterEach(() => dispose());

    it('answers with copies made of JSON, both ways', async () => {
      const asked: unknown[] = [];
      const answer = { list: [1, null, 'é'] };
      rpc.respond('test.echo', async (payload) => {
        asked.push(payload);
        return answer;
      });
      const question = { when: new Date(0), nothing: undefined };
      const got = await rpc.request('test.echo', question);
      expect(asked).toEqual([{ when: '1970-01-01T00:00:00.000Z' }]);
      expect(got).toEqual(answer);
      expect(got).not.toBe(answer);
    });

    it('carries an answer of nothing', async () => {
      rpc.respond('test.void', async () => undefined);
      expect(await rpc.request('test.void', null)).toBeUndefined();
    });

    it('keeps many concurrent requests apart', async () => {
      rpc.respond('test.slow', async (payload) => {
        for (let turn = 0; turn < Number(payload) % 7; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return payload;
      });
      const numbers = Array.from({ length: 500 }, (_, number) => number);
      expect(await Promise.all(numbers.map((number) => rpc.request('test.slow', number)))).toEqual(numbers);
    });

    it('carries the error of the catalogue with everything that it may say', async () => {
      rpc.respond('test.refuse', async () => {
        throw new ExpactiError('RATE_LIMITED', 'slow down', {
          retryAfterSeconds: 7,
          fields: [{ path: 'a', message: 'b' }],
        });
      });
      const error = await rpc.request('test.refuse', {}).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ExpactiError);
      expect(error).toMatchObject({
        code: 'RATE_LIMITED',
        detail: 'slow down',
        retryAfterSeconds: 7,
        fields: [{ path: 'a', message: 'b' }],
        retryable: true,
        pattern: 'test.refuse',
      });
    });

    it('tells nothing of an error that is not in the catalogue', async () => {
      rpc.respond('test.crash', async () => {
        throw new Error('password=hunter2');
      });
      const error = await rpc.request('test.crash', {}).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'INTERNAL' });
      expect(String(error)).not.toContain('hunter2');
    });

    it('says retryably that nobody answers', async () => {
      const error = await rpc.request('test.nobody', {}, { timeoutMs: 50 }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    });

    it('says retryably that no answer came in time, and drops the late one', async () => {
      let answer: (value: unknown) => void = () => undefined;
      rpc.respond(
        'test.late',
        () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      );
      const error = await rpc.request('test.late', {}, { timeoutMs: 20 }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      answer('too late');
      await new Promise((resolve) => setImmediate(resolve));
    });

    it('has at most one responder for a pattern, until it stops', async () => {
      const stop = rpc.respond('test.one', async () => 1);
      expect(() => rpc.respond('test.one', async () => 2)).toThrow(/already/);
      stop();
      rpc.respond('test.one', async () => 2);
      expect(await rpc.request('test.one', {})).toBe(2);
    });
  });
}
