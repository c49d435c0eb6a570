/** What is wrong with a form as a whole, spoken when it appears. */
export function FormError({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className="empty:absolute">
      {text && <p className="p-2 rounded-control bg-critical-soft text-critical wrap-anywhere">{text}</p>}
    </div>
  );
}
