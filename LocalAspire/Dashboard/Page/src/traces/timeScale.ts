export interface Zoom {
  readonly fromUs: number;
  readonly toUs: number;
}

/** In percent of the width; a bar is never too thin to be seen, nor outside. */
export function barOf(startUs: number, durationUs: number, { fromUs, toUs }: Zoom): { readonly left: number; readonly width: number; readonly isOutside: boolean } {
  const span = Math.max(1, toUs - fromUs);
  const start = ((startUs - fromUs) / span) * 100;
  const end = ((startUs + durationUs - fromUs) / span) * 100;
  const left = Math.min(99.6, Math.max(0, start));
  return { left, width: Math.max(0.4, Math.min(100, end) - left), isOutside: end < 0 || start > 100 };
}

/** Round moments, about as many as asked for. */
export function timeTicks({ fromUs, toUs }: Zoom, about: number): readonly number[] {
  const step = roundStep((toUs - fromUs) / about);
  const ticks: number[] = [];
  for (let at = Math.ceil(fromUs / step) * step; at <= toUs && ticks.length < 12; at += step) ticks.push(at);
  return ticks;
}

export function roundStep(about: number): number {
  if (!(about > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(about));
  const lead = about / power;
  return (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power;
}

/** A little room around the span. */
export function zoomTo(startUs: number, durationUs: number, whole: Zoom): Zoom {
  const room = Math.max(durationUs * 0.05, 5);
  return { fromUs: Math.max(whole.fromUs, startUs - room), toUs: Math.min(whole.toUs, startUs + durationUs + room) };
}
