/** "Rowan", "Rowan and Sky", "Rowan, Sky and 3 others". */
export function people(names: string[], more = 0): string {
  const rest = more === 0 ? [] : [more === 1 ? '1 other' : `${more} others`];
  const all = [...names, ...rest];
  if (all.length < 2) return all.join('');
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
