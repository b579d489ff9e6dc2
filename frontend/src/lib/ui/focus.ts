import { tick } from 'svelte';

/** Focus on what is no field or button; the page moves only as far as it must to show it. */
export function focusOn(element: Element | null | undefined, scrolls = true): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  if (scrolls) element.scrollIntoView({ block: 'nearest' });
  return document.activeElement === element;
}

/** Nobody has the focus: what had it is gone. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/**
 * A list grows below: the first of what is new takes the focus, for the button that was pressed
 * now stands below it all, or is gone.
 */
export async function withMore(list: Element | null, more: () => Promise<void>): Promise<void> {
  const pressed = document.activeElement;
  const before = list?.children.length ?? 0;
  await more();
  await tick();
  if (isFocusLost() || document.activeElement === pressed)
    focusOn(list?.children[before], isFocusLost());
}
