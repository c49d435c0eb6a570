import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { Frame } from './frame/frame.js';
import { NotFound, PageFailure } from './frame/page-failure.js';
import { readHistorySearch } from './history/history-search.js';
import { readQueueSearch } from './queue/queue-filter.js';
import { QueuePage } from './queue/queue-page.js';
import { readRulesSearch } from './rules/rules-search.js';
import { SessionGate } from './session/session-gate.js';
import { Announcer } from './ui/announcer.js';
import { Notices } from './ui/notices.js';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const texts = <Name extends string>(raw: Record<string, unknown>, ...names: Name[]): { [Key in Name]?: string } =>
  Object.fromEntries(names.flatMap((name) => (text(raw[name]) ? [[name, text(raw[name])]] : []))) as {
    [Key in Name]?: string;
  };

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Notices />
      <Announcer />
    </>
  ),
  notFoundComponent: NotFound,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./session/setup-page.js')),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./session/invitation-page.js')),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: () => (
    <SessionGate>
      <Frame />
    </SessionGate>
  ),
});
const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/queue/{-$approvalId}', replace: true });
  },
});
const queue = createRoute({
  getParentRoute: () => frame,
  path: '/queue/{-$approvalId}',
  validateSearch: readQueueSearch,
  component: QueuePage,
});
const sessions = createRoute({
  getParentRoute: () => frame,
  path: '/sessions',
  validateSearch: (raw: Record<string, unknown>) => texts(raw, 'agent', 'active'),
  component: lazyRouteComponent(() => import('./sessions/sessions-page.js'), 'SessionsPage'),
});
const session = createRoute({
  getParentRoute: () => frame,
  path: '/sessions/$sessionId',
  component: lazyRouteComponent(() => import('./sessions/session-page.js'), 'SessionPage'),
});
const history = createRoute({
  getParentRoute: () => frame,
  path: '/history',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('./history/history-page.js'), 'HistoryPage'),
});
const story = createRoute({
  getParentRoute: () => frame,
  path: '/history/$commandId',
  component: lazyRouteComponent(() => import('./history/story-page.js'), 'StoryPage'),
});
const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  validateSearch: (raw: Record<string, unknown>) => texts(raw, 'action', 'subject', 'actor', 'since', 'until'),
  component: lazyRouteComponent(() => import('./history/audit-page.js'), 'AuditPage'),
});
const rules = createRoute({
  getParentRoute: () => frame,
  path: '/rules',
  validateSearch: readRulesSearch,
  component: lazyRouteComponent(() => import('./rules/rules-page.js'), 'RulesPage'),
});
const newRule = createRoute({
  getParentRoute: () => frame,
  path: '/rules/new',
  component: lazyRouteComponent(() => import('./rules/rule-page.js'), 'NewRulePage'),
});
const rule = createRoute({
  getParentRoute: () => frame,
  path: '/rules/$ruleId',
  component: lazyRouteComponent(() => import('./rules/rule-page.js'), 'RulePage'),
});
const suggestions = createRoute({
  getParentRoute: () => frame,
  path: '/suggestions',
  component: lazyRouteComponent(() => import('./rules/suggestions-page.js'), 'SuggestionsPage'),
});
const agents = createRoute({
  getParentRoute: () => frame,
  path: '/agents',
  validateSearch: (raw: Record<string, unknown>) => texts(raw, 'agent'),
  component: lazyRouteComponent(() => import('./agents/agents-page.js'), 'AgentsPage'),
});
const targets = createRoute({
  getParentRoute: () => frame,
  path: '/targets',
  component: lazyRouteComponent(() => import('./targets/targets-page.js'), 'TargetsPage'),
});
const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings/{-$section}',
  component: lazyRouteComponent(() => import('./settings/settings-page.js'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    invitation,
    frame.addChildren([
      home,
      queue,
      sessions,
      session,
      history,
      story,
      audit,
      rules,
      newRule,
      rule,
      suggestions,
      agents,
      targets,
      settings,
    ]),
  ]),
  basepath: '/app',
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
