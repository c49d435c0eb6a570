import { SUITES } from './suites.js';

// Each suite has a process of its own: what one leaves in the heap or has made the compiler assume is not the next one's.
const name = process.argv[2] ?? '';
const suite = await SUITES[name]?.();
if (!suite) throw new Error(`There is no suite '${name}'`);
process.send?.(await suite.run(), () => process.disconnect());
