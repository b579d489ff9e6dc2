const ROOM = /^\/\((?!public\))/;
const WALL = '/(member)/(community)/wall';

/** What a room asks the server first, whoever is in it: the same addresses as its `load` asks. */
export function askedEarly(route: string | null): string[] {
  if (route === null || !ROOM.test(route)) return [];
  return route === WALL ? ['/api/v1/me', '/api/v1/wall?unanswered=false'] : ['/api/v1/me'];
}
