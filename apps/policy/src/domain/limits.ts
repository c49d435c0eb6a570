/** Rules of one org. A snapshot of that many still fits a gateway's memory comfortably. */
export const MAX_RULES = 200_000;

/** Every snapshot carries all targets with their groups. */
export const MAX_TARGETS = 10_000;
export const MAX_TARGET_GROUPS = 1_000;

/** How many versions back a snapshot can be brought up to date by what changed; older ones are answered in full. */
export const REMEMBERED_VERSIONS = 10_000;

/** A delta with more rules than this costs as much as a full snapshot. */
export const MAX_DELTA_RULES = 20_000;
