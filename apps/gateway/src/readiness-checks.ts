/** What else than the gateway's own leases must answer: the composition root knows (database, bus). */
export const READINESS_CHECKS = Symbol('expacti.readiness-checks');
