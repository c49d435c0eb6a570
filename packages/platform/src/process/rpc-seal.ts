import { hkdfSync } from 'node:crypto';
import { Sealer } from '@expacti/crypto';
import type { RpcSeal } from '@expacti/messaging';

/**
 * Seals questions and answers under a key of their own, derived from the one that all processes have: a key wears with
 * every text that it seals, and these are many; the master key seals what has to stay.
 */
export function rpcSeal(masterKey: Buffer): RpcSeal {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'expacti rpc', 32)).toString('base64url');
  const sealer = new Sealer([key]);
  return {
    seal: (text, place) => sealer.seal(text, place),
    open: (text, place) => sealer.open(text, place).toString(),
  };
}
