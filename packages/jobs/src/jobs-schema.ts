import { CreateJobs1767225600020 } from './embedded/create-jobs.js';
import { JobRow } from './embedded/job-row.js';

/** What `openDatabase` needs for the embedded scheduler. */
export const jobsEntities = [JobRow];
export const jobsMigrations = [CreateJobs1767225600020];
