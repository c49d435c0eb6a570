export { type CommandOptions, ExpactiClient, type RunOptions, type RunResult, type SubmitOptions } from './client.js';
export type { ExpactiClientOptions } from './client-options.js';
export type { RestApi } from './connection/rest-api.js';
export { unwrapOnce as unwrap } from './connection/rest-api.js';
export * from './errors.js';
export { type ExecutionResult, exitStatus } from './execution/execute.js';
export type { OutputEvent } from './execution/output-collector.js';
export type { ReceiptClaims } from './receipt/claims.js';
export { ReceiptKeys } from './receipt/receipt-keys.js';
export { type ReceiptExpectation, type VerificationTime, verifyReceipt } from './receipt/verify-receipt.js';
export { ExpactiReviewer, type ExpactiReviewerOptions, type Page, type Seen } from './reviewer.js';
export type { RunEvent } from './run-stream.js';
export type { ApprovedCommand } from './submission/approved-command.js';
export type { PendingNotice, SubmissionObserver, UpdateNotice } from './submission/job.js';
export {
  ExpactiTool,
  type ExpactiToolOptions,
  TERMINAL_INPUT_SCHEMA,
  type TerminalInput,
} from './tools/expacti-tool.js';
export { VERSION } from './version.js';
export type * from './wire/types.js';
