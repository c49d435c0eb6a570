import 'reflect-metadata';
import { join } from 'node:path';
import type { RpcPattern, RpcRequest, RpcResponse } from '@expacti/contracts';
import {
  connectTransport,
  EmbeddedBus,
  EmbeddedRpc,
  messagingEntities,
  messagingMigrations,
  ServiceTransport,
} from '@expacti/messaging';
import { type Database, OutboxRow, openDatabase } from '@expacti/persistence';
import { CLOCK, createRpcClient, DATABASE } from '@expacti/platform';
import { FakeClock, temporaryFolder } from '@expacti/testkit';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { recordingService } from '../src/index.js';

/** The service as it runs in a server: its module, over a real database file, asked by RPC. */
export class RecordingRig {
  readonly clock = new FakeClock();
  readonly #folder = temporaryFolder('recording');
  readonly #rpc = new EmbeddedRpc();
  readonly #client = createRpcClient(this.#rpc);
  #database!: Database;
  #bus!: EmbeddedBus;
  #application!: INestApplication;

  async start(): Promise<this> {
    const database = await openDatabase({
      url: `sqlite:${join(this.#folder.path, 'recording.db')}`,
      entities: [...messagingEntities, ...recordingService.entities],
      migrations: [...messagingMigrations, ...recordingService.migrations],
    });
    this.#database = database;
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
    await this.#database.close();
    this.#folder.remove();
  }

  ask<P extends RpcPattern>(pattern: P, request: RpcRequest<P>): Promise<RpcResponse<P>> {
    return this.#client.ask(pattern, request);
  }

  async facts(): Promise<{ type: string; org: string; payload: Record<string, unknown> }[]> {
    const rows = await this.#database.read((manager) => manager.find(OutboxRow, { order: { sequence: 'ASC' } }));
    return rows.map(({ type, org, payload }) => ({ type, org, payload: JSON.parse(payload) }));
  }
}
