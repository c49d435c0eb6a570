/** The service's own `FreshnessAuthority`. */
export const FRESHNESS = Symbol('identity.freshness');
