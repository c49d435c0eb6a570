const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const ACCESS_TOKEN_MS = 15 * MINUTE;
/** An unused sign-in ends after this. */
export const REFRESH_TOKEN_MS = 14 * DAY;
/** A used one ends after this. */
export const SIGN_IN_MS = 30 * DAY;
/** Two tabs may trade the same refresh token at once; after this a second use is a theft. */
export const REFRESH_GRACE_MS = 10_000;
/** Processes that start together each print a set-up link: a start leaves those alone that are younger than this. */
export const SETUP_LINK_MS = 10 * MINUTE;
export const INVITATION_MS = 7 * DAY;
/** Ended sign-ins are kept this long: an address from which somebody signed in before is trusted a little more. */
export const SIGN_IN_MEMORY_MS = 90 * DAY;
/** A key signs access tokens for this long, then a new one takes over. */
export const SIGNING_KEY_MS = 90 * DAY;
