import 'reflect-metadata';
import { runService } from '@expacti/platform/process';
import { approvalsService } from './index.js';

runService(approvalsService);
