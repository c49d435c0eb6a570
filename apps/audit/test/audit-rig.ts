import 'reflect-metadata';
import type { AuditEntry, RpcPattern, RpcRequest, RpcResponse, UserPrincipal } from '@expacti/contracts';
import {
  type BusEvent,
  connectTransport,
  EmbeddedBus,
  EmbeddedRpc,
  messagingEntities,
  messagingMigrations,
  OutboxRelay,
  ServiceTransport,
} from '@expacti/messaging';
import type { Database } from '@expacti/persistence';
import { CLOCK, createLogger, createRpcClient, DATABASE, LOGGER } from '@expacti/platform';
import {
  databaseAt,
  eventually,
  FakeClock,
  type TemporaryDatabase,
  type TestDatabases,
  temporaryDatabase,
} from '@expacti/testkit';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { auditService } from '../src/index.js';
import { EntryRow } from '../src/storage/entry-row.js';

const messaging = { entities: messagingEntities, migrations: messagingMigrations };
/** A busy machine answers late; no test here is about that. */
const PATIENCE_MS = 20_000;

const schema = {
  entities: [...messagingEntities, ...auditService.entities],
  migrations: [...messagingMigrations, ...auditService.migrations],
};

/** The service as it runs in a server: its module, the real bus, and a real database. Time is turned by hand. */
export class AuditRig {
  readonly clock: FakeClock;
  readonly log: string[] = [];
  readonly failures: string[] = [];
  readonly #databases: TestDatabases;
  readonly #isReplica: boolean;
  #place: TemporaryDatabase | undefined;
  /** The embedded bus has one consuming process: a replica has one of its own, which stays empty. */
  #busPlace: TemporaryDatabase | undefined;
  readonly #rpc = new EmbeddedRpc((pattern, error) => this.failures.push(`${pattern}: ${String(error)}`));
  readonly #client = createRpcClient(this.#rpc);
  database!: Database;
  bus!: EmbeddedBus;
  #relay!: OutboxRelay;
  #application!: INestApplication;

  /** @param first the other one of two processes of the service (see `replica`) */
  constructor(databases: TestDatabases, first?: AuditRig) {
    this.#databases = databases;
    this.#isReplica = first !== undefined;
    this.clock = first?.clock ?? new FakeClock();
  }

  get url(): string {
    if (this.#place === undefined) throw new Error('it has not started');
    return this.#place.url;
  }

  /** Opens the database (again) and serves. */
  async start(): Promise<this> {
    const { clock } = this;
    if (this.#place === undefined) this.#place = await this.#databases.open(schema);
    else await this.#place.reopen();
    this.database = this.#place.database;
    if (this.#isReplica) this.#busPlace = await temporaryDatabase(messaging);
    const database = this.#busPlace?.database ?? this.database;
    this.bus = new EmbeddedBus({ database, clock, policy: { maxAttempts: 3, firstDelayMs: 100 } });
    this.#relay = new OutboxRelay({ database, target: this.bus, clock });
    const module = await Test.createTestingModule({ imports: [this.#infrastructure(), auditService.module] }).compile();
    this.#application = module.createNestApplication({ logger: false });
    connectTransport(this.#application, new ServiceTransport({ bus: this.bus, rpc: this.#rpc }));
    await this.#application.startAllMicroservices();
    await this.#application.init();
    return this;
  }

  /** Another process of the service: the same database and time. What is published reaches only the first one. */
  replica(): Promise<AuditRig> {
    return new AuditRig(databaseAt(this.url), this).start();
  }

  async stop(): Promise<void> {
    await this.#end();
    await this.database.close();
  }

  async remove(): Promise<void> {
    await this.#end();
    await this.#place?.remove();
  }

  async #end(): Promise<void> {
    await this.#application.close();
    await this.#relay.close();
    await this.bus.close();
    await this.#busPlace?.remove();
  }

  get<T>(token: new (...args: never[]) => T): T {
    return this.#application.get(token);
  }

  ask<P extends RpcPattern>(pattern: P, request: RpcRequest<P>): Promise<RpcResponse<P>> {
    return this.#client.ask(pattern, request, { timeoutMs: PATIENCE_MS });
  }

  /** Publishes, and waits until each of the events has its entry. */
  async tell(...events: BusEvent[]): Promise<void> {
    await this.bus.publish(events);
    for (const { id } of events) await this.until(() => this.isRecorded(id));
  }

  /** Lets time pass in small steps until something holds. */
  until(condition: () => Promise<boolean> | boolean): Promise<unknown> {
    return eventually(async () => {
      this.clock.advance(20);
      return condition();
    });
  }

  isRecorded(eventId: string): Promise<boolean> {
    return this.database.read((manager) => manager.existsBy(EntryRow, { eventId }));
  }

  /** The whole chain of an org, oldest first, as an exporter reads it. */
  async chain(principal: UserPrincipal, pageSize = 1_000): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for (;;) {
      const after_sequence = entries.at(-1)?.sequence ?? 0;
      const page = await this.ask('audit.export', { principal, after_sequence, limit: pageSize });
      if (page.entries.length === 0) return entries;
      entries.push(...page.entries);
    }
  }

  #infrastructure() {
    const provided = [
      { provide: DATABASE, useValue: this.database },
      { provide: CLOCK, useValue: this.clock },
      { provide: LOGGER, useValue: createLogger('audit', 'info', { write: (line) => void this.log.push(line) }) },
    ];
    @Global()
    @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
    class Infrastructure {}
    return Infrastructure;
  }
}

/** The code of the error that a promise rejects with. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code ?? String(error),
  );
