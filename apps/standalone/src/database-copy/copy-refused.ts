/** A copy that was not made. Nothing is left of it in the target. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}
