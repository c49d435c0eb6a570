/** What a scheduler has to tell an operator. */
export type JobTrouble =
  | { kind: 'job_failed'; id: string; name: string; attempt: number; error: unknown }
  | { kind: 'job_given_up'; id: string; name: string; attempts: number; error: unknown }
  | { kind: 'storage_failed'; during: string; error: unknown };
