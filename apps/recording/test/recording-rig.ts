import 'reflect-metadata';
import type { RpcPattern, RpcRequest, RpcResponse } from '@expacti/contracts';
import {
  connectTransport,
  EmbeddedBus,
  EmbeddedRpc,
  messagingEntities,
  messagingMigrations,
  ServiceTransport,
} from '@expacti/messaging';
import { OutboxRow } from '@expacti/persistence';
import { CLOCK, createRpcClient, DATABASE } from '@expacti/platform';
import { databaseAt, FakeClock, type TemporaryDatabase, type TestDatabases } from '@expacti/testkit';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { recordingService } from '../src/index.js';

/** A busy machine answers late; no test here is about that. */
const PATIENCE_MS = 20_000;

/** The service as it runs in a server: its module, over a real database, asked by RPC. */
export class RecordingRig {
  readonly clock: FakeClock;
  readonly #databases: TestDatabases;
  readonly #rpc = new EmbeddedRpc();
  readonly #client = createRpcClient(this.#rpc);
  #place!: TemporaryDatabase;
  #bus!: EmbeddedBus;
  #application!: INestApplication;

  /** @param first the other one of two processes of the service (see `replica`) */
  constructor(databases: TestDatabases, first?: RecordingRig) {
    this.#databases = databases;
    this.clock = first?.clock ?? new FakeClock();
  }

  async start(): Promise<this> {
    this.#place = await this.#databases.open({
      entities: [...messagingEntities, ...recordingService.entities],
      migrations: [...messagingMigrations, ...recordingService.migrations],
    });
    const { database } = this.#place;
    this.#bus = new EmbeddedBus({ database, clock: this.clock });
    const provided = [
      { provide: DATABASE, useValue: database },
      { provide: CLOCK, useValue: this.clock },
    ];
    @Global()
    @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
    class Infrastructure {}
    const module = await Test.createTestingModule({ imports: [Infrastructure, recordingService.module] }).compile();
    this.#application = module.createNestApplication({ logger: false });
    connectTransport(this.#application, new ServiceTransport({ bus: this.#bus, rpc: this.#rpc }));
    await this.#application.startAllMicroservices();
    await this.#application.init();
    return this;
  }

  async remove(): Promise<void> {
    await this.#application.close();
    await this.#bus.close();
    await this.#place.remove();
  }

  /** Another process of the service, on the same database. */
  replica(): Promise<RecordingRig> {
    return new RecordingRig(databaseAt(this.#place.url), this).start();
  }

  ask<P extends RpcPattern>(pattern: P, request: RpcRequest<P>): Promise<RpcResponse<P>> {
    return this.#client.ask(pattern, request, { timeoutMs: PATIENCE_MS });
  }

  async facts(): Promise<{ type: string; org: string; payload: Record<string, unknown> }[]> {
    const rows = await this.#place.database.read((manager) => manager.find(OutboxRow, { order: { sequence: 'ASC' } }));
    return rows.map(({ type, org, payload }) => ({ type, org, payload: JSON.parse(payload) }));
  }
}
