import { createContext } from 'svelte';
import type { Me, Permission, Role } from '#lib/api/shapes.ts';
import { standsApart } from './apart.ts';

/** Who is signed in, and what they may do, for every screen behind the sign-in. */
export class SignedIn {
  me = $state.raw() as Me;
  /** They sign out themselves: the end of the sign-in is no news to them. */
  isLeaving = false;

  constructor(me: Me) {
    this.me = me;
  }

  has(...roles: Role[]): boolean {
    return roles.some((role) => this.me.roles.includes(role));
  }

  can(permission: Permission): boolean {
    return this.me.permissions.includes(permission);
  }

  /** Works on studies, and so is no part of the community. */
  get standsApart(): boolean {
    return standsApart(this.me);
  }

  /** Staff are never participants. */
  get isStaff(): boolean {
    return this.me.second_factor.is_required;
  }

  /** A staff role that can't act until its second factor is set up, or passed. */
  get needsSecondFactor(): boolean {
    const { is_required, is_passed } = this.me.second_factor;
    return is_required && !is_passed;
  }
}

export const [getSignedIn, setSignedIn] = createContext<SignedIn>();
