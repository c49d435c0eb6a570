/** Holds the key that audit checkpoints are signed with. */
export interface CheckpointSigner {
  /** The payload as a compact JWS (EdDSA). */
  sign(payload: object): Promise<string>;
}
