export type ViolationKind =
  /** Submitted, and its agent never heard how it came out. */
  | 'forgotten'
  /** One submission, two commands or two approvals. */
  | 'doubled'
  /** Agent, server and audit log do not tell the same outcome, or tell two. */
  | 'outcomes differ'
  /** Something was acknowledged, and the audit log does not have it. */
  | 'not recorded'
  /** The audit log has something more than once. */
  | 'recorded twice'
  /** The audit log has something that nobody did. */
  | 'made up'
  | 'chain broken'
  | 'receipt wrong'
  | 'receipt twice'
  /** What was seen of one request cannot have happened in any order. */
  | 'not linearizable'
  | 'dead letter'
  /** An answer that no client should get, whatever breaks. */
  | 'surprise';

/** Something that must not be, and what to look at. */
export interface Violation {
  readonly kind: ViolationKind;
  /** The name or id of what it is about. */
  readonly about: string;
  readonly says: string;
}
