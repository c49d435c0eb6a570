import type { Type } from '@nestjs/common';
import type { EntitySchema, MigrationInterface } from 'typeorm';

/** What a composition root needs to know of a service. */
export interface ServiceDefinition {
  /** Also its consumer group and the prefix of its tables. */
  name: string;
  module: Type<unknown>;
  entities: (EntitySchema | (new () => unknown))[];
  migrations: (new () => MigrationInterface)[];
}
