import 'reflect-metadata';
import type { RouteName } from '@expacti/contracts';
import { ExpactiError, type Principal } from '@expacti/contracts';
import { RpcError } from '@expacti/messaging';
import { FakeClock, type TemporaryDatabase, temporaryDatabase } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallHandler } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { defer, lastValueFrom } from 'rxjs';
import { held } from '../../test/authorities.js';
import { agent, reviewer } from '../../test/fixtures.js';
import { gatewayService } from '../index.js';
import { IdempotentResponseRow } from '../storage/idempotent-response-row.js';
import { IdempotentWrites } from './idempotent-writes.js';
import { SERVED_ROUTE } from './serves.js';

const rita = reviewer();
const DAY_MS = 86_400_000;

interface Call {
  route: RouteName;
  key: string | undefined;
  principal: Principal | undefined;
  body: unknown;
  work: () => Promise<unknown>;
}

let clock: FakeClock;
let temporary: TemporaryDatabase;
let writes: IdempotentWrites;
let timesDone: number;

beforeEach(async () => {
  clock = new FakeClock();
  const { entities, migrations } = gatewayService;
  temporary = await temporaryDatabase({ entities: [...entities], migrations: [...migrations] });
  writes = new IdempotentWrites(temporary.database, clock, Buffer.alloc(32, 7));
  timesDone = 0;
});
afterEach(() => temporary.remove());

const create = async () => {
  timesDone += 1;
  return { token: 'shown once', number: timesDone };
};

/** One request on its way through the interceptor, as Nest hands it on. */
async function call(more: Partial<Call> = {}) {
  const { route, key, principal, body, work }: Call = {
    route: 'createAgent',
    key: 'k1',
    principal: rita,
    body: { name: 'a' },
    work: create,
    ...more,
  };
  const response = {
    statusCode: 201,
    headers: {} as Record<string, string>,
    status(code: number) {
      this.statusCode = code;
      return this;
    },
    setHeader(name: string, value: string) {
      this.headers[name] = value;
      return this;
    },
  };
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const request = { headers, method: 'POST', path: '/api/v1/agents', body, principal };
  const handler = () => undefined;
  Reflect.defineMetadata(SERVED_ROUTE, route, handler);
  const context = new ExecutionContextHost([request, response], class {}, handler);
  const next: CallHandler = { handle: () => defer(work) };
  const answer = await lastValueFrom(writes.intercept(context, next), { defaultValue: undefined });
  return { answer, status: response.statusCode, isReplay: response.headers['Idempotent-Replay'] === 'true' };
}

const rows = () => temporary.database.read((manager) => manager.find(IdempotentResponseRow));

describe('a write with an idempotency key', () => {
  it('is done once; its repetition gets the first answer', async () => {
    const first = await call();
    const again = await call();
    expect(first).toEqual({ answer: { token: 'shown once', number: 1 }, status: 201, isReplay: false });
    expect(again).toEqual({ ...first, isReplay: true });
    expect(timesDone).toBe(1);
  });

  it('answers nothing again where it answered nothing', async () => {
    const work = async () => undefined;
    expect((await call({ work })).answer).toBeUndefined();
    expect(await call({ work })).toMatchObject({ answer: undefined, isReplay: true });
  });

  it('clashes with another body under the same key', async () => {
    await call();
    await expect(call({ body: { name: 'b' } })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CLASH' });
  });

  it('never meets the key of another caller', async () => {
    for (const principal of [rita, reviewer(), agent()]) expect((await call({ principal })).isReplay).toBe(false);
    expect(timesDone).toBe(3);
  });

  it('is refused while the first has not ended, and done again when the first was refused', async () => {
    const answer = held<unknown>();
    const first = call({ work: () => answer.promise });
    while ((await rows()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await expect(call()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    answer.fail(new ExpactiError('ALREADY_EXISTS'));
    await expect(first).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect((await call()).isReplay).toBe(false);
    expect(timesDone).toBe(1);
  });

  it.each([
    ['an answer that did not come in time', new RpcError('identity.tokens.issue', { code: 'UNAVAILABLE' })],
    ['a failure inside', new ExpactiError('INTERNAL')],
    ['a failure that nobody foresaw', new Error('lost')],
  ])('is not done again after %s: what it did is unknown', async (_, failure) => {
    const work = async () => {
      await create();
      throw failure;
    };
    await expect(call({ work })).rejects.toBe(failure);
    await expect(call()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(timesDone).toBe(1);
    expect((await call({ key: 'k2' })).isReplay).toBe(false);
  });

  it('of two at once is done by one', async () => {
    const outcomes = await Promise.allSettled([call(), call(), call()]);
    expect(timesDone).toBe(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('that never ended stays refused after a restart: what it did is unknown', async () => {
    void call({ work: () => new Promise(() => undefined) });
    while ((await rows()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    writes = new IdempotentWrites(await temporary.reopen(), clock, Buffer.alloc(32, 7));
    await expect(call()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is forgotten after a day', async () => {
    await call();
    clock.advance(DAY_MS);
    expect((await call()).isReplay).toBe(true);
    clock.advance(1);
    expect((await call()).isReplay).toBe(false);
    expect(await rows()).toHaveLength(1);
  });

  it('keeps its answer sealed', async () => {
    await call();
    expect(JSON.stringify(await rows())).not.toMatch(/shown once|k1|"a"/);
  });

  it.each(['', 'k'.repeat(201)])('refuses the key %p', async (key) => {
    await expect(call({ key })).rejects.toMatchObject({ code: 'INVALID' });
    expect(timesDone).toBe(0);
  });

  it.each([
    ['no key', { key: undefined }],
    ['no caller', { principal: undefined }],
    ['a read', { route: 'listAgents' as const }],
    ['a submission, which keeps its keys with the command', { route: 'submitCommand' as const }],
  ])('is nothing special: %s', async (_, more) => {
    await call(more);
    expect((await call(more)).isReplay).toBe(false);
    expect(await rows()).toEqual([]);
  });
});
