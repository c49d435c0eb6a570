export { Configuration } from './configuration.js';
export { readConfiguration, type ServeOptions, serve } from './serve.js';
export { type RunningServer, startServer } from './standalone-server.js';
