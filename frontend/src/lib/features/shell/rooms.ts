import type { SignedIn } from '#lib/features/accounts/signed-in.svelte.ts';

export type Room = {
  href: string;
  label: string;
  kind: 'study' | 'moderation' | 'rules' | 'groups';
};

/** The rooms beside the wall, for those who may go in. */
export function rooms(signedIn: SignedIn): Room[] {
  const all: (Room | false)[] = [
    signedIn.has('moderator', 'safeguarding') && {
      href: '/moderation',
      label: "Moderators' queue",
      kind: 'moderation'
    },
    signedIn.has('adviser') && { href: '/advising', label: 'Advising', kind: 'study' },
    signedIn.standsApart && { href: '/research', label: 'Research', kind: 'study' },
    signedIn.has('administrator', 'safeguarding') && {
      href: '/hours',
      label: 'Team hours',
      kind: 'moderation'
    },
    signedIn.has('administrator') && { href: '/staff', label: 'Staff', kind: 'moderation' },
    signedIn.has('administrator') && { href: '/programme', label: 'Programme', kind: 'moderation' },
    !signedIn.standsApart && { href: '/groups', label: 'Groups', kind: 'groups' },
    signedIn.has('administrator') && { href: '/licences', label: 'Licences', kind: 'study' },
    signedIn.me.takes_part && { href: '/questionnaires', label: 'Questionnaires', kind: 'study' },
    { href: '/studies', label: 'Studies', kind: 'study' },
    { href: '/my-data', label: 'My data', kind: 'study' },
    { href: '/house-rules', label: 'House rules', kind: 'rules' }
  ];
  return all.filter((room) => room !== false);
}
