import { tick } from 'svelte';

const WRONG = '[aria-invalid=true], [data-wrong] input';

/** After a refused send: to the first field with an error, which is then read out with it. */
export async function toFirstError(form: HTMLElement | null): Promise<void> {
  await tick();
  reach(form?.querySelector<HTMLElement>(WRONG));
}

/**
 * For a field that has just been told what is wrong with it: the first such field of a form takes
 * the focus, so that a screen reader reads the error out with it.
 */
export function takeFocus(field: HTMLElement | null): void {
  if (!document.activeElement?.matches(WRONG)) reach(field);
}

/**
 * For what a form says as a whole, once it stands there: it takes the focus from the form or dialog
 * that asked for it. A field that is wrong goes before it.
 */
export function answer(notice: HTMLElement): void {
  const at = document.activeElement;
  const asked = notice.closest('form, dialog');
  const isAsked = asked !== null && (at === null || at === document.body || asked.contains(at));
  if (!isAsked || at?.matches(WRONG)) return;
  notice.tabIndex = -1;
  notice.focus({ preventScroll: true });
  show(notice);
}

/** The field with its label and its error, which stand above it. */
function reach(field: HTMLElement | null | undefined): void {
  if (!field) return;
  field.focus({ preventScroll: true });
  show(field.closest<HTMLElement>('.wrong, [data-wrong]') ?? field);
}

/** What is too tall to be seen whole is shown from its beginning. */
function show(element: HTMLElement): void {
  element.scrollIntoView({ block: element.offsetHeight > innerHeight / 2 ? 'start' : 'nearest' });
}
