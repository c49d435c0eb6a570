import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import {
  actorOf,
  type RoleName,
  type RpcPattern,
  type RpcRequest,
  type RpcResponse,
  type UserPrincipal,
} from '@expacti/contracts';
import {
  connectTransport,
  EmbeddedBus,
  EmbeddedRpc,
  messagingEntities,
  messagingMigrations,
  ServiceTransport,
} from '@expacti/messaging';
import { type Database, newId, OutboxRow } from '@expacti/persistence';
import {
  CLOCK,
  createLogger,
  createRpcClient,
  DATABASE,
  InProcessLeaseStore,
  LEASE_STORE,
  LOGGER,
  MASTER_KEY,
  type RpcClient,
} from '@expacti/platform';
import { databaseAt, FakeClock, type TemporaryDatabase, type TestDatabases } from '@expacti/testkit';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { bootstrapIdentity, identityService } from '../src/index.js';
import { insertNewOrg } from '../src/people/new-org.js';
import { IdentityWriter } from '../src/storage/identity-writer.js';

/** A busy machine answers late; no test here is about that. */
const PATIENCE_MS = 20_000;

const schema = {
  entities: [...messagingEntities, ...identityService.entities],
  migrations: [...messagingMigrations, ...identityService.migrations],
};

/** The service as it runs in a server: its module, over a real database, asked by RPC. Time is turned by hand. */
export class IdentityRig {
  readonly clock: FakeClock;
  readonly leases: InProcessLeaseStore;
  /** Everything that was logged, a JSON object a line. */
  readonly log: string[] = [];
  readonly #databases: TestDatabases;
  #place: TemporaryDatabase | undefined;
  readonly #rpc = new EmbeddedRpc((pattern, error) => this.log.push(`INTERNAL in ${pattern}: ${String(error)}`));
  readonly client: RpcClient = createRpcClient(this.#rpc);
  masterKey: Buffer;
  database!: Database;
  application!: INestApplication;
  #bus!: EmbeddedBus;

  /** @param first the other one of two processes of the service (see `replica`) */
  constructor(databases: TestDatabases, first?: IdentityRig) {
    this.#databases = databases;
    this.clock = first?.clock ?? new FakeClock();
    this.leases = first?.leases ?? new InProcessLeaseStore(this.clock);
    this.masterKey = first?.masterKey ?? randomBytes(32);
  }

  /** Opens the database (again) and serves. */
  async start(): Promise<this> {
    if (this.#place === undefined) this.#place = await this.#databases.open(schema);
    else await this.#place.reopen();
    this.database = this.#place.database;
    this.#bus = new EmbeddedBus({ database: this.database, clock: this.clock });
    const module = await Test.createTestingModule({
      imports: [this.#infrastructure(), identityService.module],
    }).compile();
    this.application = module.createNestApplication({ logger: false });
    connectTransport(this.application, new ServiceTransport({ bus: this.#bus, rpc: this.#rpc }));
    await this.application.startAllMicroservices();
    await this.application.init();
    return this;
  }

  /** Another process of the service: the same database, time and leases, and nothing else in common. */
  replica(): Promise<IdentityRig> {
    if (this.#place === undefined) throw new Error('it has not started');
    return new IdentityRig(databaseAt(this.#place.url), this).start();
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
    await this.application.close();
    await this.#bus.close();
  }

  bootstrap(options: { eval: boolean }) {
    return bootstrapIdentity(this.application, options);
  }

  ask<P extends RpcPattern>(pattern: P, request: RpcRequest<P>): Promise<RpcResponse<P>> {
    return this.client.ask(pattern, request, { timeoutMs: PATIENCE_MS });
  }

  /** The principal behind a credential, or null. */
  async principalOf(credential: string) {
    return (await this.ask('identity.authenticate', { credential })).principal;
  }

  async userOf(credential: string): Promise<UserPrincipal> {
    const principal = await this.principalOf(credential);
    if (principal?.kind !== 'user') throw new Error('that credential is nobody');
    return principal;
  }

  /** The events that were decided upon, oldest first. */
  async facts(): Promise<{ type: string; org: string; text: string; payload: Record<string, unknown> }[]> {
    const rows = await this.database.read((manager) => manager.find(OutboxRow, { order: { sequence: 'ASC' } }));
    return rows.map(({ type, org, payload }) => ({ type, org, text: payload, payload: JSON.parse(payload) }));
  }

  async factTypes(): Promise<string[]> {
    return (await this.facts()).map(({ type }) => type);
  }

  #infrastructure() {
    const logger = createLogger('identity', 'trace', { write: (line) => void this.log.push(line) });
    const provided = [
      { provide: DATABASE, useValue: this.database },
      { provide: CLOCK, useValue: this.clock },
      { provide: LOGGER, useValue: logger },
      { provide: LEASE_STORE, useValue: this.leases },
      { provide: MASTER_KEY, useValue: this.masterKey },
    ];
    @Global()
    @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
    class Infrastructure {}
    return Infrastructure;
  }

  /** Another tenant of the same installation, with an owner whose principal is answered. */
  async otherOrg(name = 'Other'): Promise<UserPrincipal> {
    const org = newId('org');
    const id = newId('usr');
    const email = `${id}@other.example`;
    const owner: UserPrincipal = {
      kind: 'user',
      org,
      id,
      name: 'Olga Other',
      email,
      sign_in_id: null,
      roles: ['owner'],
      groups: [],
      permissions: [],
    };
    await this.application.get(IdentityWriter).change(org, async (unit) => {
      const row = {
        id,
        org,
        email,
        name: owner.name,
        roles: owner.roles,
        active: true,
        passwordHash: 'none',
        demo: false,
      };
      await insertNewOrg(
        unit,
        actorOf(owner),
        { name, eval: false, onePersonApproval: false },
        { ...row, createdAt: unit.now, lastSignInAt: null },
      );
    });
    return owner;
  }
}

/** The code of the error that a promise rejects with. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code ?? String(error),
  );

/** What the tests' own people choose. */
export const PASSWORD = 'wolken über dem deich';
export const DEVICE = { address: '192.0.2.1', user_agent: 'test browser' };

/** Sets an installation up with an owner who has a password. */
export async function withOwner(rig: IdentityRig) {
  const outcome = await rig.bootstrap({ eval: false });
  if (outcome.type !== 'setup-required') throw new Error('the installation has an owner already');
  return rig.ask('identity.setup', {
    token: outcome.setupToken,
    email: 'Olivia@Example.com',
    name: 'Olivia Owner',
    password: PASSWORD,
    org_name: 'Acme',
    ...DEVICE,
  });
}

/** Invites a person, accepts for them, and signs them in. */
export async function withPerson(rig: IdentityRig, inviter: UserPrincipal, email: string, roles: RoleName[]) {
  const user = { email, name: email, roles };
  const invited = await rig.ask('identity.users.create', { principal: inviter, user });
  await rig.ask('identity.accept_invitation', { token: invited.invitation_token, password: PASSWORD });
  return rig.ask('identity.login', { email, password: PASSWORD, ...DEVICE });
}
