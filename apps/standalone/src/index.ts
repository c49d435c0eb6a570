export { type CopyReport, copyDatabase } from './database-copy/copy-database.js';
export { CopyRefused } from './database-copy/copy-refused.js';
export { SERVICES } from './infrastructure.js';
export { serve } from './serve.js';
export { type RunningServer, startServer } from './standalone-server.js';
