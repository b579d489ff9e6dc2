import { Problem } from './problem';

/** Fetch a file and hand it to the browser to keep; a refusal comes as the Problem it is. */
export async function save(url: string, name: string): Promise<void> {
  const response = await fetch(url, { credentials: 'same-origin' }).catch((thrown: unknown) => {
    throw Problem.of(thrown);
  });
  if (!response.ok)
    throw await Problem.from(response, await response.json().catch(() => undefined));
  keep(await response.blob(), nameIn(response) ?? name);
}

/** What the server calls it (RFC 6266), which knows more of it than the page does. */
function nameIn(response: Response): string | null {
  const said = response.headers.get('content-disposition') ?? '';
  const [, encoded] = /filename\*=utf-8''([^;]+)/i.exec(said) ?? [];
  const [, plain] = /filename="([^"]+)"/.exec(said) ?? [];
  return encoded ? decodeURIComponent(encoded) : (plain ?? null);
}

export function saveText(text: string, name: string): void {
  keep(new Blob([text], { type: 'text/plain;charset=utf-8' }), name);
}

function keep(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of it by then; the memory goes back a moment later.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
