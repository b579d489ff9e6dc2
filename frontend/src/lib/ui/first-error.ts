import { tick } from 'svelte';

const WRONG = '[aria-invalid=true], [data-wrong] input';

/** After a refused send: to the first field with an error, which is then read out with it. */
export async function toFirstError(form: HTMLElement | null): Promise<void> {
  await tick();
  form?.querySelector<HTMLElement>(WRONG)?.focus();
}

/**
 * For a field that has just been told what is wrong with it: the first such field of a form takes
 * the focus, so that a screen reader reads the error out with it.
 */
export function takeFocus(field: HTMLElement | null): void {
  if (!document.activeElement?.matches(WRONG)) field?.focus();
}
