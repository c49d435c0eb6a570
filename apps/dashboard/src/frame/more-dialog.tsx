import { Link } from '@tanstack/react-router';
import { Dialog } from '../ui/dialog.js';
import { type NavigationEntry, NOTHING_OPEN } from './navigation.js';

interface MoreDialogProps {
  entries: NavigationEntry[];
  isHere: (entry: NavigationEntry) => boolean;
  onClose: () => void;
}

/** The entries that a phone's bottom bar has no room for. */
export default function MoreDialog({ entries, isHere, onClose }: MoreDialogProps) {
  return (
    <Dialog open onOpenChange={onClose} title="More" width="narrow">
      <ul className="grid grid-cols-1 gap-1">
        {entries.map((entry) => (
          <li key={entry.to}>
            <Link
              to={entry.to}
              params={NOTHING_OPEN}
              onClick={onClose}
              aria-current={isHere(entry) ? 'page' : undefined}
              className="flex items-center gap-3 h-11 px-2 rounded-control text-strong hover:bg-hover"
            >
              <entry.icon size={18} aria-hidden="true" /> {entry.label}
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
