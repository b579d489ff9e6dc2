import type { Plugin } from 'vite';

type Node = [tag: string, attributes: Record<string, string>];

const ICON = /[\\/]@lucide[\\/]svelte[\\/]dist[\\/]icons[\\/][\w-]+\.svelte$/;
const DATA = /const iconData = (\{.*\});/;

/**
 * Lucide's icons as plain markup. As they come, each builds its parts one by one when it is shown;
 * a wall of thirty posts shows two hundred, and a slow phone waits for every one. They take a
 * `size`; an icon always stands beside a word, so all are hidden from screen readers.
 */
export function plainIcons(): Plugin {
  return {
    name: 'alongside:plain-icons',
    enforce: 'pre',
    transform: {
      filter: { id: ICON },
      handler(code) {
        const [, data] = DATA.exec(code) ?? [];
        if (data === undefined) this.error('Lucide writes its icons in another way now.');
        const { node } = JSON.parse(data) as { node: Node[] };
        return { code: component(node), map: null };
      }
    }
  };
}

function component(node: Node[]): string {
  const parts = node.map(([tag, attributes]) => {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
    return `<${tag}${written.join('')} />`;
  });
  return `<script>let { size = 24 } = $props();</script>
<svg viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor"
  stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"
  >${parts.join('')}</svg>`;
}
