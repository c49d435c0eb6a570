/** What the bus has to tell an operator. It goes to the log; nothing waits for it. */
export type BusTrouble =
  | { kind: 'delivery_failed'; group: string; eventId: string; type: string; attempt: number; error: unknown }
  | { kind: 'dead_letter'; group: string; eventId: string; type: string; attempts: number; error: unknown }
  | { kind: 'ephemeral_failed'; eventId: string; type: string; error: unknown }
  | { kind: 'storage_failed'; during: string; error: unknown };

export type ReportTrouble = (trouble: BusTrouble) => void;

/** What is kept of an error beside an event: enough to act upon, bounded, without a stack. */
export const errorText = (error: unknown): string => String(error).slice(0, 1_000);
