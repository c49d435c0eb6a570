import 'reflect-metadata';
import { runService } from '@expacti/platform/process';
import { recordingService } from './index.js';

runService(recordingService);
