import { createStore } from '../ui/store.js';

/** Which of the two page-wide dialogs is open. */
export const overlay = createStore<'palette' | 'help' | null>(null);
