import {
  Bot,
  History,
  Inbox,
  Lightbulb,
  ListChecks,
  type LucideIcon,
  Server,
  Settings,
  SquareTerminal,
} from 'lucide-react';
import type { Permission } from '../api/types.js';

export interface NavigationEntry {
  to:
    | '/queue/{-$approvalId}'
    | '/sessions'
    | '/history'
    | '/rules'
    | '/suggestions'
    | '/agents'
    | '/targets'
    | '/settings/{-$section}';
  /** The address begins with one of these: the entry is where one is. */
  covers: string[];
  label: string;
  icon: LucideIcon;
  permission: Permission | null;
}

/** The parts of the page, in order. An entry appears when its part exists, and to whom may see it. */
export const NAVIGATION: NavigationEntry[] = [
  { to: '/queue/{-$approvalId}', covers: ['/queue'], label: 'Queue', icon: Inbox, permission: 'approvals:read' },
  { to: '/sessions', covers: ['/sessions'], label: 'Sessions', icon: SquareTerminal, permission: 'sessions:read' },
  { to: '/history', covers: ['/history', '/audit'], label: 'History', icon: History, permission: 'commands:read' },
  { to: '/rules', covers: ['/rules'], label: 'Rules', icon: ListChecks, permission: 'rules:read' },
  { to: '/suggestions', covers: ['/suggestions'], label: 'Suggestions', icon: Lightbulb, permission: 'rules:read' },
  { to: '/agents', covers: ['/agents'], label: 'Agents', icon: Bot, permission: 'agents:read' },
  { to: '/targets', covers: ['/targets'], label: 'Targets', icon: Server, permission: 'targets:read' },
  { to: '/settings/{-$section}', covers: ['/settings'], label: 'Settings', icon: Settings, permission: null },
];

/** An entry leads to the list of its part, not to the one thing that is open there now. */
export const NOTHING_OPEN = { approvalId: undefined, section: undefined };

/** How many of them fit a phone's bottom bar; the others are behind "More". */
export const PHONE_ENTRIES = 4;
