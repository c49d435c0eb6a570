import 'reflect-metadata';
import { runService } from '@expacti/platform/process';
import { auditService } from './index.js';

runService(auditService);
