import { createContext, use } from 'react';
import type { Me, Permission } from '../api/types.js';

/** Who is signed in. Present wherever a page is shown. */
export const SessionContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = use(SessionContext);
  if (!me) throw new Error('This part of the page is shown only to somebody who is signed in.');
  return me;
}

/** Whether the signed-in person holds a permission. The server checks again; this only spares a vain click. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}
