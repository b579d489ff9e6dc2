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
  // After the page: what is kept must not wait in front of what is being read.
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
