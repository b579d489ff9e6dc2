import { focusOn, isFocusLost } from './focus.ts';

const PLACES = 'dialog, article, fieldset, form, section, li, main';
const HEADINGS = 'h1, h2, h3, h4, legend';

type Left = { id: string | null; href: string | null };

/**
 * Keeps the focus on the page. When what had it is removed, hidden or shut, it goes to the heading
 * of the place it stood in; on another page to that page's heading; and on the way back to where it
 * was. Whatever sets it with a better reason is left alone.
 */
export class FocusKeeper {
  #last: HTMLElement | null = null;
  /** The elements around it, from the inside out, as they were when it took the focus. */
  #around: Element[] = [];
  #isArriving = false;
  #isLooking = false;
  #here: string;
  #left = new Map<string, Left>();

  constructor(here: string) {
    this.#here = here;
  }

  start(): () => void {
    const observer = new MutationObserver(() => this.#lookSoon());
    const attributeFilter = ['disabled', 'hidden', 'inert'];
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter });
    const focused = ({ target }: FocusEvent) => this.#took(target);
    const blurred = ({ target }: FocusEvent) => this.#gave(target);
    document.addEventListener('focusin', focused);
    document.addEventListener('focusout', blurred);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', focused);
      document.removeEventListener('focusout', blurred);
    };
  }

  /** Before another page of the history: what has the focus here is remembered. */
  leave(): void {
    const last = this.#last?.isConnected ? this.#last : null;
    if (!last) return;
    this.#left.set(this.#here, {
      id: last.closest('[id]:not(main)')?.id ?? null,
      href: last.getAttribute('href')
    });
  }

  /** On another page, or on this one again. */
  arrive(here: string, isBack: boolean): void {
    this.#here = here;
    if (this.#last && !isThere(this.#last)) this.#last = null;
    const left = isBack ? this.#left.get(here) : undefined;
    if (left && isFocusLost() && focusOn(find(left), false)) return;
    this.#isArriving = true;
    this.#lookSoon();
  }

  #took(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    this.#isArriving = false;
    this.#last = target;
    this.#around = [];
    for (let each = target.parentElement; each; each = each.parentElement) this.#around.push(each);
  }

  /** Given up on purpose, by a press beside it: then nothing is to be kept. */
  #gave(target: EventTarget | null): void {
    requestAnimationFrame(() => {
      if (target === this.#last && isFocusLost() && this.#last && isThere(this.#last))
        this.#last = null;
    });
  }

  /** A frame later: whoever removes something and knows better where to go has gone there. */
  #lookSoon(): void {
    if (this.#isLooking || !(this.#isArriving || this.#last)) return;
    this.#isLooking = true;
    requestAnimationFrame(() => {
      this.#isLooking = false;
      if (!isFocusLost()) return;
      if (this.#isArriving) focusOn(document.querySelector('main h1'), false);
      else if (this.#last && !isThere(this.#last)) this.#rescue();
    });
  }

  #rescue(): void {
    const near = this.#around.find((each) => each.isConnected && each.checkVisibility());
    for (let place = near?.closest(PLACES); place; place = place.parentElement?.closest(PLACES)) {
      const isItself = place.matches('article[tabindex]');
      const heading = [...place.querySelectorAll(HEADINGS)].find((each) => each.checkVisibility());
      if (focusOn(isItself ? place : heading)) return;
    }
    focusOn(document.querySelector('main h1') ?? document.querySelector('main'));
  }
}

function isThere(element: HTMLElement): boolean {
  return element.isConnected && element.checkVisibility() && !element.matches(':disabled');
}

function find({ id, href }: Left): Element | null {
  const around =
    (id === null ? null : document.getElementById(id)) ?? document.querySelector('main');
  if (href === null) return around?.matches('main') ? null : around;
  return around?.querySelector(`a[href="${CSS.escape(href)}"]`) ?? null;
}
