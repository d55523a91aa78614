/** The last two minutes; the number beside it says how much it is now. */
export function Sparkline({ values, label, least }: { readonly values: readonly number[]; readonly label: string; readonly least: number }) {
  const top = Math.max(least, ...values);
  const points = values.map((value, index) => `${(60 - values.length + index + 1).toFixed(1)},${(19 - (value / top) * 17).toFixed(1)}`);
  return (
    <svg className="sparkline" viewBox="0 0 61 20" preserveAspectRatio="none" role="img" aria-label={label}>
      {points.length > 1 && <polyline points={points.join(" ")} />}
    </svg>
  );
}
