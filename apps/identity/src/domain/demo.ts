/**
 * The published credentials of an evaluation. They work only in a process that was started for evaluation, and only for
 * an org that was made for it.
 */
export const DEMO_SHELL_TOKEN = 'demo-shell-token';
export const DEMO_REVIEWER_TOKEN = 'demo-reviewer-token';
/** RFC 2606 reserves `.invalid`: no mail can ever go there. */
export const DEMO_REVIEWER_EMAIL = 'reviewer@demo.invalid';
