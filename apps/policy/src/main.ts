import 'reflect-metadata';
import { runService } from '@expacti/platform/process';
import { policyService } from './index.js';

runService(policyService);
