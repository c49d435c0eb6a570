import { ExpactiReceiptError } from '../errors.js';
import type { ReceiptClaims } from './claims.js';

/** Longest time for which a receipt could still pass the check of its expiry, beyond `exp`: any sensible tolerance. */
const GRACE_SECONDS = 600;

/** Remembers which receipts were spent in this process, so that each runs one command once. */
export class UsedReceipts {
  private readonly expiry = new Map<string, number>();

  /**
   * @param now Milliseconds since 1970.
   * @throws ExpactiReceiptError when it was spent before.
   */
  spend(claims: ReceiptClaims, now: number): void {
    if (this.expiry.has(claims.jti)) {
      throw new ExpactiReceiptError('This receipt was used before; submit the command again.', 'RECEIPT_USED');
    }
    // Oldest first, so this looks at what it forgets and one more. Expired receipts are refused before they come here.
    for (const [jti, expires] of this.expiry) {
      if (expires + GRACE_SECONDS > now / 1_000) break;
      this.expiry.delete(jti);
    }
    this.expiry.set(claims.jti, claims.exp);
  }
}
