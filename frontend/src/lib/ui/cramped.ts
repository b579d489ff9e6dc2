/** Below these, in letters of the page's own size, what stays on screen takes too much of it. */
const WIDE = 18;
const TALL_FOR_BAR = 26;
const TALL_FOR_HEAD = 20;

/**
 * How much room there is for the size of the letters: `data-cramped` on the page is `low` where the
 * bar below scrolls away with the page, and `small` where the head does too. Media queries only know
 * the letters a browser began with, not those someone has made larger since.
 */
export function watchRoom(): () => void {
  const page = document.documentElement;
  const rem = document.createElement('div');
  rem.ariaHidden = 'true';
  Object.assign(rem.style, { position: 'fixed', visibility: 'hidden', inlineSize: '1rem' });
  document.body.append(rem);

  function measure() {
    const size = rem.offsetWidth || 16;
    const [across, down] = [innerWidth / size, innerHeight / size];
    if (across < WIDE || down < TALL_FOR_HEAD) page.dataset['cramped'] = 'small';
    else if (down < TALL_FOR_BAR) page.dataset['cramped'] = 'low';
    else delete page.dataset['cramped'];
  }

  const observer = new ResizeObserver(measure);
  observer.observe(rem);
  addEventListener('resize', measure);
  return () => {
    observer.disconnect();
    removeEventListener('resize', measure);
    rem.remove();
  };
}
