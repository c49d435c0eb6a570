export { type ApprovalState, approvalState, type CountedVote } from './approval/approval-state.js';
export {
  type ApprovalPolicy,
  meetsRequirement,
  ONE_APPROVER,
  type PolicyFacts,
  type Requirement,
  requirementFor,
} from './approval/requirement.js';
export { whatCanChange } from './decide/changeable-line.js';
export { FINGERPRINT_PREFIX } from './decide/decide-encrypted.js';
export { dependsOnFolder } from './decide/folder-dependence.js';
export { decide } from './decide.js';
export type { Decision, JudgedCommand, Verdict } from './decision.js';
export type { ProgramOptions } from './guard/option-table.js';
export { previewRule, type RulePreview } from './preview-rule.js';
export type { CommandRequest, DecisionRequest, FileTransferRequest, ToolCallRequest } from './request.js';
export { assessRisk } from './risk/assess-risk.js';
export type { Risk, RiskLevel, TargetFacts } from './risk/risk.js';
export type {
  ApprovalStrength,
  ArgumentMatcher,
  PatternType,
  Rule,
  RuleEffect,
  RuleKind,
  RuleScope,
  TransferDirection,
} from './rule.js';
export {
  createSnapshot,
  type RememberDynamic,
  type RuleProblem,
  type Snapshot,
  type SnapshotChange,
  type SnapshotInput,
} from './snapshot.js';
export { type PatternSuggestion, suggestPatterns } from './suggest-patterns.js';
export { type RuleFieldProblem, type RuleValidity, validateRule } from './validate-rule.js';
