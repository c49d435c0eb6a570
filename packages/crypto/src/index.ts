export { type CheckpointClaims, signCheckpoint, type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.js';
export { type Chained, chainEntry, entryHash, GENESIS_HASH, type Link, toWellFormed } from './hash-chain.js';
export type { JwsFault } from './jws.js';
export {
  type Intent,
  mintReceipt,
  type ReceiptClaims,
  type ReceiptFault,
  type VerifiedReceipt,
  verifyReceipt,
} from './receipt.js';
export { newMasterKey, SealBroken, Sealer } from './sealer.js';
export { sha256Hex } from './sha256.js';
export {
  exportJwks,
  exportSigningKey,
  generateSigningKey,
  importJwks,
  importSigningKey,
  type Jwks,
  type PublicJwk,
  type SigningKey,
  type VerificationKeys,
} from './signing-key.js';
export { constantTimeEqual, hashToken, matchesTokenHash, newApiKey, newSecret, newShellToken } from './tokens.js';
export { type ChainFault, type ChainReport, type VerifyChainOptions, verifyChain } from './verify-chain.js';
