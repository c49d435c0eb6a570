import { Link, useRouter } from '@tanstack/react-router';
import { Empty, Failure } from '../ui/states.js';

/** A page that threw: what happened, and a way on. The frame around it stays. */
export function PageFailure({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  return (
    <Failure
      error={error}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}

export function NotFound() {
  return (
    <main>
      <Empty
        heading
        title="There is no such page"
        action={
          <Link to="/queue/{-$approvalId}" className="text-accent underline">
            Go to the queue
          </Link>
        }
      >
        The address may be mistyped, or the page was moved.
      </Empty>
    </main>
  );
}
