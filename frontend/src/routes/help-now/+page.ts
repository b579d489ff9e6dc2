// No script at all: this page must work on any phone, on any line, and from the cache.
export const prerender = true;
export const csr = false;
