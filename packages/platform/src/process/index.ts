export { LASTING_GROUPS, type ProcessInfrastructure } from './process-infrastructure.js';
export { type ProcessHooks, type ProcessParts, runService, type Served } from './run-service.js';
