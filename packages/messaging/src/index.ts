export type {
  Bus,
  BusEvent,
  DeadLetter,
  Delivery,
  EphemeralOptions,
  EventHandler,
  SubscribeOptions,
  Subscription,
} from './bus.js';
export type { DeliveryPolicy } from './delivery-policy.js';
export { EmbeddedBus, type EmbeddedBusOptions } from './embedded/embedded-bus.js';
export { EmbeddedRpc, type ReportRpcError } from './embedded/embedded-rpc.js';
export { EMBEDDED_LOG_TABLE } from './embedded/event-log.js';
export { processOnce } from './inbox.js';
export { messagingEntities, messagingMigrations } from './messaging-schema.js';
export { connectTransport } from './nest/connect-transport.js';
export { ServiceClient } from './nest/service-client.js';
export { ServiceTransport, type ServiceTransportOptions } from './nest/service-transport.js';
export { OutboxRelay, type OutboxRelayOptions, type RelayTarget } from './outbox-relay.js';
export { InboxTrimmer, type InboxTrimmerOptions, trimInbox } from './redis/inbox-trimmer.js';
export { RedisRpc, type RedisRpcOptions } from './redis/redis-rpc.js';
export { RedisStreamsBus, type RedisStreamsBusOptions } from './redis/redis-streams-bus.js';
export type { RpcSeal } from './redis/rpc-seal.js';
export { DEFAULT_RPC_TIMEOUT_MS, type Rpc, type RpcResponder } from './rpc.js';
export { isUnavailable, RpcError } from './rpc-error.js';
export type { BusTrouble, ReportTrouble } from './trouble.js';
