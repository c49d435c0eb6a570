/**
 * Whether this process was started for evaluation. Off until the composition root says otherwise (`bootstrapIdentity`):
 * a database made by an evaluation must not bring its published credentials along.
 */
export class EvalMode {
  #on = false;

  get on(): boolean {
    return this.#on;
  }

  set(on: boolean): void {
    this.#on = on;
  }

  /** Whether anything of an org works here. */
  admits(org: { eval: boolean }): boolean {
    return this.#on || !org.eval;
  }
}
