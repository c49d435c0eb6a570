import 'reflect-metadata';
import {
  type Command,
  ExpactiError,
  type Org,
  ROLE_PERMISSIONS,
  type RpcPattern,
  type RpcRequest,
  type RpcResponse,
  type UserPrincipal,
} from '@expacti/contracts';
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
import { type Database, newId } from '@expacti/persistence';
import {
  CLOCK,
  createLogger,
  createRpcClient,
  DATABASE,
  InProcessLeaseStore,
  LEASE_STORE,
  LOGGER,
  RPC_CLIENT,
  type RpcClient,
  timestamp,
} from '@expacti/platform';
import { databaseAt, FakeClock, type TestDatabases, temporaryDatabase } from '@expacti/testkit';
import { Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { policyService } from './index.js';

/** The policy service over a real database, bus and RPC; the neighbours that it asks answer from a script. */
export interface PolicyStage {
  app: INestApplication;
  url: string;
  database: Database;
  clock: FakeClock;
  leases: InProcessLeaseStore;
  bus: EmbeddedBus;
  rpc: RpcClient;
  /** What identity answers of every org. */
  settings: { remember_dynamic: Org['remember_dynamic'] };
  /** What audit answers as the command history. */
  history: Command[];
  /** What approvals answers, by id. */
  approvals: Map<string, RpcResponse<'approvals.get'>>;
  /** Every event that reached the bus, in order. */
  events: BusEvent[];
  /** Resolves when what was committed is on the bus. */
  flush(): Promise<void>;
  /** Whether a group has taken an event in. */
  hasProcessed(group: string, eventId: string): Promise<boolean>;
  close(): Promise<void>;
}

export function person(org: string, more: Partial<UserPrincipal> = {}): UserPrincipal {
  const id = newId('usr');
  return {
    kind: 'user',
    org,
    id,
    name: `Person ${id.slice(-4)}`,
    email: `${id}@example.com`,
    sign_in_id: null,
    roles: ['reviewer'],
    groups: [],
    permissions: [...ROLE_PERMISSIONS.reviewer],
    ...more,
  };
}

const messaging = { entities: messagingEntities, migrations: messagingMigrations };
const schema = {
  entities: [...messagingEntities, ...policyService.entities],
  migrations: [...messagingMigrations, ...policyService.migrations],
};

/**
 * @param first of two processes of the service: this one is the other, with the same database, time and leases. What is
 *   published reaches only the first one.
 */
export async function openPolicyStage(databases: TestDatabases, first?: PolicyStage): Promise<PolicyStage> {
  const place = await (first === undefined ? databases : databaseAt(first.url)).open(schema);
  const { database } = place;
  const clock = first?.clock ?? new FakeClock();
  const leases = first?.leases ?? new InProcessLeaseStore(clock);
  // The embedded bus has one consuming process: that of the other one stays empty.
  const busPlace = first === undefined ? place : await temporaryDatabase(messaging);
  const bus = new EmbeddedBus({ database: busPlace.database, clock });
  const relay = new OutboxRelay({ database: busPlace.database, target: bus, clock });
  const embedded = new EmbeddedRpc((pattern, error) => console.error(pattern, error));
  const rpc = createRpcClient(embedded);
  const app = await startService({ database, clock, rpc, leases }, new ServiceTransport({ bus, rpc: embedded }));
  const stage = neighbours(embedded, clock);
  const events: BusEvent[] = [];
  await bus.subscribeEphemeral({ types: ['*'], handler: (event) => void events.push(event) });
  return {
    ...stage,
    url: place.url,
    leases,
    app,
    database,
    clock,
    bus,
    rpc,
    events,
    flush: () => relay.flush(),
    hasProcessed: async (groupName, eventId) => {
      const found = await database.read(
        (manager) =>
          manager.sql<
            unknown[]
          >`SELECT 1 FROM messaging_inbox WHERE group_name = ${groupName} AND event_id = ${eventId}`,
      );
      return found.length > 0;
    },
    async close() {
      await app.close();
      await relay.close();
      await bus.close();
      await embedded.close();
      if (busPlace !== place) await busPlace.remove();
      await place.remove();
    },
  };
}

async function startService(
  ports: { database: Database; clock: FakeClock; rpc: RpcClient; leases: InProcessLeaseStore },
  transport: ServiceTransport,
): Promise<INestApplication> {
  const provided = [
    { provide: DATABASE, useValue: ports.database },
    { provide: CLOCK, useValue: ports.clock },
    { provide: RPC_CLIENT, useValue: ports.rpc },
    { provide: LEASE_STORE, useValue: ports.leases },
    { provide: LOGGER, useValue: createLogger('policy', 'silent') },
  ];

  @Global()
  @Module({ providers: provided, exports: provided })
  class StageModule {}

  const testing = await Test.createTestingModule({ imports: [StageModule, policyService.module] }).compile();
  const app = testing.createNestApplication({ logger: false });
  connectTransport(app, transport);
  await app.startAllMicroservices();
  return app.init();
}

function neighbours(rpc: EmbeddedRpc, clock: FakeClock): Pick<PolicyStage, 'settings' | 'history' | 'approvals'> {
  const settings: PolicyStage['settings'] = { remember_dynamic: 'session' };
  const history: Command[] = [];
  const approvals: PolicyStage['approvals'] = new Map();
  const answer = <P extends RpcPattern>(pattern: P, respond: (request: RpcRequest<P>) => RpcResponse<P>) =>
    rpc.respond(pattern, async (request) => respond(request as RpcRequest<P>));
  answer('identity.org', ({ org }) => ({ ...orgOf(org, clock.now()), ...settings }));
  answer('audit.commands.recent', ({ since, limit }) => ({
    commands: history.filter((command) => command.created_at >= since).slice(0, limit),
  }));
  answer('approvals.get', ({ id }) => {
    const approval = approvals.get(id);
    if (approval === undefined) throw new ExpactiError('NOT_FOUND');
    return approval;
  });
  return { settings, history, approvals };
}

const orgOf = (id: string, now: number): Org => ({
  id,
  name: 'Test',
  eval: false,
  timeout: { action: 'deny', seconds: 60 },
  one_person_approval: false,
  remember_dynamic: 'session',
  pending_limit: 50,
  created_at: timestamp(now),
  updated_at: timestamp(now),
  updated_by: null,
});
