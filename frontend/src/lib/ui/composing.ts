type Press = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

/**
 * Whether a key belongs to an input method that puts a character together: Escape gives up its
 * choice there, Enter takes it, and neither is meant for us. Safari tells the key that ends a
 * composition only by the number 229 (UI Events, 5.3.4).
 */
export function isComposing({ isComposing, keyCode }: Press): boolean {
  return isComposing || keyCode === 229;
}
