const BEAT_MS = 10_000;

/** The time of day for words that depend on it. Call `start` from `onMount`. */
export class Now {
  at = $state(Date.now());

  start(): () => void {
    const timer = setInterval(() => (this.at = Date.now()), BEAT_MS);
    const wake = () => (this.at = Date.now());
    document.addEventListener('visibilitychange', wake);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }
}
