import { CreateMessagingTables1767225600010 } from './embedded/create-messaging-tables.js';
import { DeadLetterRow, DeliveryRow, GroupRow, InboxRow, LogRow } from './embedded/rows.js';

/** What `openDatabase` needs for the embedded bus and for the inbox. */
export const messagingEntities = [LogRow, GroupRow, DeliveryRow, DeadLetterRow, InboxRow];
export const messagingMigrations = [CreateMessagingTables1767225600010];
