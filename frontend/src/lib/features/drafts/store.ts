/**
 * The browser's own store, which may be forbidden, full, broken or not there at all: then nothing
 * is kept, and the page goes on as it is.
 */
export class Store {
  #storage: Storage | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  read(name: string): string | null {
    try {
      return this.#storage?.getItem(name) ?? null;
    } catch {
      return null;
    }
  }

  /** What was stored as JSON, if it is an object; whatever else stands there counts as nothing. */
  readObject(name: string): Record<string, unknown> | null {
    return parse(this.read(name));
  }

  /** Whether it is kept now. */
  write(name: string, value: string): boolean {
    try {
      this.#storage?.setItem(name, value);
      return this.#storage !== null;
    } catch {
      return false;
    }
  }

  remove(name: string): void {
    try {
      this.#storage?.removeItem(name);
    } catch {
      // Nothing was kept.
    }
  }
}

export function parse(raw: string | null): Record<string, unknown> | null {
  try {
    const kept: unknown = JSON.parse(raw ?? 'null');
    return typeof kept === 'object' && !Array.isArray(kept)
      ? (kept as Record<string, unknown> | null)
      : null;
  } catch {
    return null;
  }
}

/** Browsers may forbid storage altogether; then a draft lives as long as its page. */
export function safeStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** The same for what lasts as long as its tab. */
export function safeSession(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
