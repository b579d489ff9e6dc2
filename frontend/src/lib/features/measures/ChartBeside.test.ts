import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { expect, it } from 'vitest';
import ChartBeside from './ChartBeside.svelte';

const chart = {
  name: 'kept',
  parts: ['kept'],
  caption: 'Still taking part',
  note: 'Right of 0 is more.',
  alternative: 'Kept: 60% (about 60 of about 100 people).'
};
const children = createRawSnippet(() => ({
  render: () => '<table><caption>Its table</caption></table>'
}));

it('a chart stands before its table, says its figures in words, and how it is read', () => {
  render(ChartBeside, { chart, base: '/charts', children });
  const image = screen.getByRole('img', { name: chart.alternative });
  expect(image.getAttribute('src')).toBe('/charts/kept');
  const table = screen.getByRole('table', { name: 'Its table' });
  expect(image.compareDocumentPosition(table)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(screen.getByText(chart.note)).toBeTruthy();
});

it('the table stays where the chart has gone, and it is said', async () => {
  render(ChartBeside, { chart, base: '/charts', children });
  await fireEvent.error(screen.getByRole('img'));
  expect(screen.queryByRole('img')).toBeNull();
  expect(screen.getByText(/could not be loaded/)).toBeTruthy();
  expect(screen.getByRole('table')).toBeTruthy();
});
