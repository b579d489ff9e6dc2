/** Pages that are whole as they are served. Every other one is a room, which the application opens. */
export const PUBLIC_PAGES: readonly string[] = [
  '/',
  '/about',
  '/confirm-email',
  '/forgotten-password',
  '/help-now',
  '/house-rules',
  '/house-rules/easy-read',
  '/join',
  '/privacy',
  '/projects',
  '/projects/[id]',
  '/reset-password',
  '/sign-in',
  '/take-part',
  '/stop-invitations',
  '/verify',
  '/weather',
  '/you-said-we-did'
];
