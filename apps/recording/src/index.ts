import type { ServiceDefinition } from '@expacti/platform';
import { RecordingModule } from './recording-module.js';
import { CreateSessions1767225600300 } from './storage/create-sessions.js';
import { SessionRow } from './storage/session-row.js';

/** Sessions of agents. */
export const recordingService: ServiceDefinition = {
  name: 'recording',
  module: RecordingModule,
  entities: [SessionRow],
  migrations: [CreateSessions1767225600300],
};
