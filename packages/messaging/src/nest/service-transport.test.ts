import 'reflect-metadata';
import { ExpactiError } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { eventually, FakeClock, type RedisServer, startRedis, temporaryDatabase } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Inject, Injectable, Module } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { firstValueFrom, of } from 'rxjs';
import type { Bus, BusEvent } from '../bus.js';
import { EmbeddedBus } from '../embedded/embedded-bus.js';
import { EmbeddedRpc } from '../embedded/embedded-rpc.js';
import { messagingEntities, messagingMigrations } from '../messaging-schema.js';
import { RedisRpc } from '../redis/redis-rpc.js';
import { RedisStreamsBus } from '../redis/redis-streams-bus.js';
import type { Rpc } from '../rpc.js';
import { connectTransport } from './connect-transport.js';
import { ServiceClient } from './service-client.js';
import { ServiceTransport } from './service-transport.js';

@Injectable()
class Diary {
  readonly lines: string[] = [];
  failures = 0;
}

@Controller()
class AuditController {
  constructor(@Inject(Diary) private readonly diary: Diary) {}

  @EventPattern('test.*', { group: 'audit' })
  async record(event: BusEvent): Promise<void> {
    if (this.diary.failures > 0) {
      this.diary.failures -= 1;
      throw new Error('cannot write now');
    }
    this.diary.lines.push(`audit ${event.type} ${JSON.stringify(event.payload)}`);
  }
}

@Controller()
class ApprovalsController {
  constructor(@Inject(Diary) private readonly diary: Diary) {}

  @EventPattern('test.happened', { group: 'approvals' })
  async happened(event: BusEvent): Promise<void> {
    this.diary.lines.push(`approvals ${event.type}`);
  }

  @EventPattern('test.ended', { group: 'approvals' })
  ended(event: BusEvent): void {
    this.diary.lines.push(`approvals ${event.type}`);
  }

  @MessagePattern('approvals.get')
  async get(request: { id: string }): Promise<unknown> {
    if (request.id === 'none') throw new ExpactiError('NOT_FOUND', 'no such approval');
    if (request.id === 'crash') throw new Error('secret');
    return { id: request.id };
  }

  @MessagePattern('approvals.stream')
  stream() {
    return of({ from: 'a stream' });
  }

  @Get('/hello')
  hello(): string {
    return 'hello';
  }
}

@Module({ providers: [Diary], exports: [Diary] })
class DiaryModule {}

@Module({ imports: [DiaryModule], controllers: [AuditController] })
class AuditModule {}

@Module({ imports: [DiaryModule], controllers: [ApprovalsController] })
class ApprovalsModule {}

@Module({ imports: [AuditModule, ApprovalsModule] })
class RootModule {}

/** The ports of one composition, on a clock that stands still. */
interface Ports {
  readonly bus: Bus;
  readonly rpc: Rpc;
  dispose(): Promise<void>;
}

const policy = { firstDelayMs: 100 };

async function embeddedPorts(clock: FakeClock): Promise<Ports> {
  const temporary = await temporaryDatabase({ entities: messagingEntities, migrations: messagingMigrations });
  const bus = new EmbeddedBus({ database: temporary.database, clock, policy });
  const dispose = async (): Promise<void> => {
    await bus.close();
    await temporary.remove();
  };
  return { bus, rpc: new EmbeddedRpc(), dispose };
}

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

async function redisPorts(clock: FakeClock): Promise<Ports> {
  const settings = { url: server.url, prefix: newId('test') };
  const bus = new RedisStreamsBus({ settings, clock, policy });
  const rpc = new RedisRpc({ settings });
  const dispose = async (): Promise<void> => {
    await rpc.close();
    await bus.close();
  };
  return { bus, rpc, dispose };
}

describe.each([
  ['the embedded ports', embeddedPorts],
  ['the ports on Redis', redisPorts],
])('one application with the modules of several services, over %s', (_name, openPorts) => {
  let clock: FakeClock;
  let ports: Ports;
  let bus: Bus;
  let rpc: Rpc;
  let app: INestApplication;
  let diary: Diary;

  const event = (type: string): BusEvent => ({
    id: newId('evt'),
    type,
    org: 'org_1',
    key: 'k',
    at: '2026-01-01T00:00:00.000Z',
    payload: { n: 1 },
  });

  beforeEach(async () => {
    clock = new FakeClock();
    ports = await openPorts(clock);
    ({ bus, rpc } = ports);
    const testing = await Test.createTestingModule({ imports: [RootModule] }).compile();
    app = testing.createNestApplication({ logger: false });
    connectTransport(app, new ServiceTransport({ bus, rpc }));
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    diary = app.get(Diary);
  });

  afterEach(async () => {
    await app.close();
    await ports.dispose();
  });

  it('gives each event to each group, beside HTTP', async () => {
    await bus.publish([event('test.happened'), event('test.ended')]);
    await eventually(() => diary.lines.length === 4);
    expect(diary.lines.filter((line) => line.startsWith('audit'))).toEqual([
      'audit test.happened {"n":1}',
      'audit test.ended {"n":1}',
    ]);
    expect(diary.lines.filter((line) => line.startsWith('approvals'))).toEqual([
      'approvals test.happened',
      'approvals test.ended',
    ]);
    expect(await (await fetch(`${await app.getUrl()}/hello`)).text()).toBe('hello');
  });

  it('delivers an event again when its handler throws', async () => {
    diary.failures = 2;
    await bus.publish([event('test.ended')]);
    await eventually(() => diary.lines.length === 1 && diary.failures === 1);
    for (const pause of [100, 200]) {
      const { failures } = diary;
      await eventually(() => {
        clock.advance(pause);
        return diary.failures < failures || diary.lines.length === 2;
      });
    }
    await eventually(() => diary.lines.length === 2);
    expect(diary.lines).toEqual(['approvals test.ended', 'audit test.ended {"n":1}']);
  });

  it('answers requests, with values, streams, and errors of the catalogue', async () => {
    expect(await rpc.request('approvals.get', { id: 'a' })).toEqual({ id: 'a' });
    expect(await rpc.request('approvals.stream', {})).toEqual({ from: 'a stream' });
    const missing = rpc.request('approvals.get', { id: 'none' });
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND', detail: 'no such approval', status: 404 });
    const crash = rpc.request('approvals.get', { id: 'crash' });
    await expect(crash).rejects.toMatchObject({ code: 'INTERNAL', detail: undefined });
  });

  it('asks and publishes through a Nest client, also when nobody subscribes to the emission', async () => {
    const client = new ServiceClient({ bus, rpc });
    expect(await firstValueFrom(client.send('approvals.get', { id: 'b' }))).toEqual({ id: 'b' });
    await expect(firstValueFrom(client.send('approvals.get', { id: 'none' }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    client.emit('test.ended', event('test.ended'));
    await eventually(() => diary.lines.length === 2);
  });

  it('stops answering and consuming when the application closes', async () => {
    await app.close();
    const question = rpc.request('approvals.get', { id: 'a' }, { timeoutMs: 500 });
    await expect(question).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await bus.publish([event('test.ended')]);
    expect(diary.lines).toEqual([]);
  });
});

describe('a transport', () => {
  const ports = { bus: undefined as never, rpc: undefined as never };

  it('refuses an event handler without a group, and two answers to one pattern', () => {
    const transport = new ServiceTransport(ports);
    const handle = async () => undefined as never;
    expect(() => transport.addHandler('a.b', handle, true)).toThrow(/consumer group/);
    transport.addHandler('a.b', handle, false);
    expect(() => transport.addHandler('a.b', handle, false)).toThrow(/Two handlers/);
    expect(() => transport.addHandler({ cmd: 'x' }, handle, false)).toThrow(/text/);
  });
});
