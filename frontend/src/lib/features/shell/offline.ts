/** The page is drawn by then on a slow phone too. */
const DRAWN_MS = 3_000;

/**
 * Keeps Help now and the application for when there is no line. Done here and not by the
 * framework, which leaves a failed registration uncaught: a server that goes away in that moment
 * is no fault of the page, and the next page tries again.
 */
export function keepForOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  const register = () =>
    void navigator.serviceWorker
      .register('/service-worker.js', { type: 'module' })
      .catch(() => undefined);
  // After the page: what is kept must not wait in front of what is being read, nor be unpacked and
  // stored while it is drawn.
  const later = () => setTimeout(register, DRAWN_MS);
  if (document.readyState === 'complete') later();
  else addEventListener('load', later, { once: true });
}
