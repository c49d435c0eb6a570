import type { components } from '../generated/openapi.js';

type Schemas = components['schemas'];

export type Agent = Schemas['Agent'];
export type Approval = Schemas['Approval'];
export type AuditCheckpoint = Schemas['AuditCheckpoint'];
export type AuditEntry = Schemas['AuditEntry'];
export type Command = Schemas['Command'];
export type Decision = Schemas['Decision'];
export type Evaluation = Schemas['Evaluation'];
export type Jwks = Schemas['Jwks'];
export type NewRule = Schemas['NewRule'];
export type Problem = Schemas['Problem'];
export type Remember = Schemas['Remember'];
export type Requirement = Schemas['Requirement'];
export type Risk = Schemas['Risk'];
export type Rule = Schemas['Rule'];
export type Session = Schemas['Session'];
export type Submission = Schemas['RestSubmission'];

export type Shell = Decision['shell'];
export type DecisionSource = Decision['source'];
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
