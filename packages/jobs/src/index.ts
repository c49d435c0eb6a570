export type { Backoff } from './backoff.js';
export { BullScheduler, type BullSchedulerOptions } from './bull/bull-scheduler.js';
export { EmbeddedScheduler, type EmbeddedSchedulerOptions } from './embedded/embedded-scheduler.js';
export type { JobTrouble } from './job-trouble.js';
export { jobsEntities, jobsMigrations } from './jobs-schema.js';
export type { FailedJob, Job, JobHandler, ScheduleOptions, Scheduler } from './scheduler.js';
export { SchedulerUnavailable } from './scheduler-unavailable.js';
