export { SERVICES } from './infrastructure.js';
export { serve } from './serve.js';
export { type RunningServer, startServer } from './standalone-server.js';
