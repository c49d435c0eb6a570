import 'reflect-metadata';
import type { Command, RpcPattern, RpcRequest, RpcResponse } from '@expacti/contracts';
import { EmbeddedScheduler, jobsEntities, jobsMigrations } from '@expacti/jobs';
import {
  connectTransport,
  EmbeddedBus,
  EmbeddedRpc,
  messagingEntities,
  messagingMigrations,
  ServiceTransport,
} from '@expacti/messaging';
import { type Database, OutboxRow } from '@expacti/persistence';
import { CLOCK, createLogger, createRpcClient, DATABASE, LOGGER, RPC_CLIENT, SCHEDULER } from '@expacti/platform';
import { databaseAt, FakeClock, type TemporaryDatabase, type TestDatabases } from '@expacti/testkit';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { approvalsService } from '../src/index.js';

/** One event that was decided upon. */
export interface RigFact {
  readonly type: string;
  readonly org: string;
  readonly key: string;
  readonly payload: { readonly actor: { kind: string; id: string }; readonly data: Record<string, unknown> };
}

/** A busy machine answers late; no test here is about that. */
const PATIENCE_MS = 20_000;

const schema = {
  entities: [...messagingEntities, ...jobsEntities, ...approvalsService.entities],
  migrations: [...messagingMigrations, ...jobsMigrations, ...approvalsService.migrations],
};

/** The service as it runs in a server: its module, over a real database, asked by RPC. Time is turned by hand. */
export class ApprovalsRig {
  readonly clock: FakeClock;
  /** What the history service would answer: commands that rules decided. */
  readonly history = new Map<string, Command>();
  readonly #databases: TestDatabases;
  #place: TemporaryDatabase | undefined;
  readonly #rpc = new EmbeddedRpc((pattern, error) => this.failures.push(`${pattern}: ${String(error)}`));
  readonly failures: string[] = [];
  readonly #client = createRpcClient(this.#rpc);
  database!: Database;
  #application!: INestApplication;
  #bus!: EmbeddedBus;
  #scheduler!: EmbeddedScheduler;

  /** @param first the other one of two processes of the service (see `replica`) */
  constructor(databases: TestDatabases, first?: ApprovalsRig) {
    this.#databases = databases;
    this.clock = first?.clock ?? new FakeClock();
    this.#rpc.respond(
      'audit.commands.get',
      async (request) => this.history.get((request as { id: string }).id) ?? null,
    );
  }

  get url(): string {
    if (this.#place === undefined) throw new Error('it has not started');
    return this.#place.url;
  }

  /** Opens the database (again) and serves. */
  async start(): Promise<this> {
    if (this.#place === undefined) this.#place = await this.#databases.open(schema);
    else await this.#place.reopen();
    this.database = this.#place.database;
    this.#bus = new EmbeddedBus({ database: this.database, clock: this.clock });
    this.#scheduler = new EmbeddedScheduler({ database: this.database, clock: this.clock });
    const module = await Test.createTestingModule({
      imports: [this.#infrastructure(), approvalsService.module],
    }).compile();
    this.#application = module.createNestApplication({ logger: false });
    connectTransport(this.#application, new ServiceTransport({ bus: this.#bus, rpc: this.#rpc }));
    await this.#application.startAllMicroservices();
    await this.#application.init();
    return this;
  }

  /** Another process of the service: the same database and time, and nothing else in common. */
  replica(): Promise<ApprovalsRig> {
    return new ApprovalsRig(databaseAt(this.url), this).start();
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
    await this.#scheduler.close();
    await this.#bus.close();
  }

  ask<P extends RpcPattern>(pattern: P, request: RpcRequest<P>): Promise<RpcResponse<P>> {
    return this.#client.ask(pattern, request, { timeoutMs: PATIENCE_MS });
  }

  /** The events that were decided upon, oldest first. */
  async facts(type?: string): Promise<RigFact[]> {
    const rows = await this.database.read((manager) => manager.find(OutboxRow, { order: { sequence: 'ASC' } }));
    return rows
      .map(({ payload, ...row }) => ({ ...row, payload: JSON.parse(payload) }))
      .filter((fact) => type === undefined || fact.type === type);
  }

  async factTypes(): Promise<string[]> {
    return (await this.facts()).map(({ type }) => type);
  }

  #infrastructure() {
    const provided = [
      { provide: DATABASE, useValue: this.database },
      { provide: CLOCK, useValue: this.clock },
      { provide: LOGGER, useValue: createLogger('approvals', 'silent') },
      { provide: RPC_CLIENT, useValue: this.#client },
      { provide: SCHEDULER, useValue: this.#scheduler },
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
