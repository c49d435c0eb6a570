import { ExpactiError } from '@expacti/contracts';
import { Injectable } from '@nestjs/common';

/** Whether this process is being stopped: what it has begun it finishes, and whoever comes now goes elsewhere. */
@Injectable()
export class Drain {
  #isDraining = false;

  get isDraining(): boolean {
    return this.#isDraining;
  }

  begin(): void {
    this.#isDraining = true;
  }

  /** Throws UNAVAILABLE (retryable) once the process is being stopped. */
  refuse(): void {
    if (this.#isDraining)
      throw new ExpactiError('UNAVAILABLE', 'This server is being stopped. Connect again to reach another one.');
  }
}
