import { Module } from '@nestjs/common';
import { SessionsController } from './rpc/sessions-controller.js';
import { SessionService } from './sessions/session-service.js';

@Module({ controllers: [SessionsController], providers: [SessionService] })
export class RecordingModule {}
