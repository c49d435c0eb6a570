import { Link, useLocation } from '@tanstack/react-router';
import { useMay } from '../session/session.js';
import { classNames } from '../ui/class-names.js';

/** Commands and the audit log are two readings of the same past. */
export function HistoryTabs() {
  const mayAudit = useMay('audit:read');
  const { pathname } = useLocation();
  if (!mayAudit) return null;
  const tab = (to: '/history' | '/audit', label: string) => (
    <Link
      to={to}
      aria-current={pathname === to ? 'page' : undefined}
      className={classNames(
        'px-1 pb-2 -mb-px border-b-2',
        pathname === to ? 'border-accent text-ink font-medium' : 'border-transparent text-ink-soft hover:text-ink',
      )}
    >
      {label}
    </Link>
  );
  return (
    <nav aria-label="History" className="flex gap-5 border-b border-line mb-4">
      {tab('/history', 'Commands')}
      {tab('/audit', 'Audit log')}
    </nav>
  );
}
