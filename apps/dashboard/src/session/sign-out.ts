import { credentials } from '../api/credentials.js';
import { requestOpenly } from '../api/request.js';
import { notify } from '../ui/notices.js';

/** Ends the sign-in on the server too, then forgets everything that was read. */
export async function signOut(): Promise<void> {
  if (credentials.get().kind === 'person') {
    try {
      await requestOpenly('POST', '/auth/logout', {});
    } catch {
      notify(
        'bad',
        'The server did not answer: this browser is signed out, but the sign-in may still be valid elsewhere.',
      );
    }
  }
  credentials.set({ kind: 'none' });
}
