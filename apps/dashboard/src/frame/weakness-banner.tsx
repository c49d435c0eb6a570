/** Says for as long as it is so that this installation was told to accept a loss. Nobody on this page can change it. */
export function WeaknessBanner({ weaknesses }: { weaknesses: readonly string[] }) {
  if (weaknesses.length === 0) return null;
  return (
    <section
      aria-label="Durability of this installation"
      className="shrink-0 px-4 py-1 text-small bg-medium-soft text-medium"
    >
      <strong>This installation may lose what it acknowledged</strong>: {weaknesses.join('; ')}.
    </section>
  );
}
