type Seen = Pick<VisualViewport, 'height' | 'offsetTop' | 'scale'>;

/**
 * How much of the lower edge of a page a keyboard covers, where the browser leaves the page as high
 * as it was. Whoever has zoomed in sees less of the page too: that is no keyboard.
 */
export function covered(pageHeight: number, seen: Seen): number {
  if (seen.scale > 1.05) return 0;
  return Math.max(0, Math.round(pageHeight - seen.height - seen.offsetTop));
}
