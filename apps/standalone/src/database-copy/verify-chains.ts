import { chainedOrgs, readChain } from '@expacti/audit';
import { verifyChain } from '@expacti/crypto';
import type { EntityManager } from 'typeorm';
import { CopyRefused } from './copy-refused.js';

/** Verifies every org's audit chain where it lies now. @throws CopyRefused when one is broken */
export async function verifyChains(target: EntityManager): Promise<{ org: string; entries: number }[]> {
  const verified: { org: string; entries: number }[] = [];
  for (const org of await chainedOrgs(target)) {
    const report = await verifyChain(readChain(target, org));
    const [fault] = report.faults;
    if (fault) throw new CopyRefused(`The audit chain of ${org} is broken at entry ${fault.sequence} (${fault.kind}).`);
    verified.push({ org, entries: report.checked });
  }
  return verified;
}
