import type { RoleName } from '@expacti/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkGrant, checkOwnerRemains, checkUserChange } from './user-changes.js';

const roles = fc.uniqueArray(fc.constantFrom<RoleName>('owner', 'admin', 'reviewer', 'auditor'), { minLength: 1 });
const isRefused = (check: () => void): boolean => {
  try {
    check();
    return false;
  } catch {
    return true;
  }
};

describe('rules about people', () => {
  it('let nobody but an owner make or change an owner', () => {
    fc.assert(
      fc.property(roles, roles, roles, (actorRoles, before, after) => {
        fc.pre(!actorRoles.includes('owner') && (before.includes('owner') || after.includes('owner')));
        const actor = { id: 'a', roles: actorRoles };
        expect(isRefused(() => checkUserChange(actor, { id: 'b', roles: before }, { roles: after }))).toBe(true);
      }),
    );
    expect(isRefused(() => checkGrant({ id: 'a', roles: ['admin'] }, ['owner']))).toBe(true);
    expect(isRefused(() => checkGrant({ id: 'a', roles: ['owner'] }, ['owner']))).toBe(false);
  });

  it('let nobody raise their own roles, and anybody lower them', () => {
    fc.assert(
      fc.property(roles, roles, (before, after) => {
        const self = { id: 'a', roles: before };
        const raises = after.some((role) => !before.includes(role));
        expect(isRefused(() => checkUserChange(self, self, { roles: after }))).toBe(raises);
      }),
    );
  });

  it('keep an owner', () => {
    expect(isRefused(() => checkOwnerRemains([]))).toBe(true);
    expect(isRefused(() => checkOwnerRemains(['usr']))).toBe(false);
  });
});
