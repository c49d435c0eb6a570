export { eventually } from './eventually.js';
export { FakeClock } from './fake-clock.js';
export { temporaryFolder } from './temporary-folder.js';
