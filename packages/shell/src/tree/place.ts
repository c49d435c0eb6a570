/** The text that offsets of the current nodes refer to: the code itself, or what a backquoted substitution decodes to. */
export interface Place {
  source: string;
  spans: boolean;
}
