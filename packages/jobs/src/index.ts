export { EmbeddedScheduler, type EmbeddedSchedulerOptions, type JobTrouble } from './embedded/embedded-scheduler.js';
export { jobsEntities, jobsMigrations } from './jobs-schema.js';
export type { FailedJob, Job, JobHandler, ScheduleOptions, Scheduler } from './scheduler.js';
