import { jest } from '@jest/globals';
import { PATIENCE_MS } from './running-server.js';

// For tests that name no limit of their own.
jest.setTimeout(PATIENCE_MS);
