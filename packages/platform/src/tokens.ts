/** What the composition root provides to every service, by name. The adapters behind them are its choice alone. */
export const DATABASE = Symbol('expacti.database');
export const BUS = Symbol('expacti.bus');
export const RPC_CLIENT = Symbol('expacti.rpc-client');
export const SCHEDULER = Symbol('expacti.scheduler');
/** A `BlobStore`, or null where the installation names no place for blobs. */
export const BLOBS = Symbol('expacti.blobs');
export const CLOCK = Symbol('expacti.clock');
export const LOGGER = Symbol('expacti.logger');
export const METRICS = Symbol('expacti.metrics');
/** Gives `FreshnessAuthority` its leases (see `LeaseStore`). */
export const LEASE_STORE = Symbol('expacti.lease-store');
/** 32 bytes (a Buffer) that seal what the database must not hold in the clear. Comes from a file that only the server reads. */
export const MASTER_KEY = Symbol('expacti.master-key');
