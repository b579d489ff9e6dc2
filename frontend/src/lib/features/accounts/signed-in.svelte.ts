import { createContext } from 'svelte';
import type { Me, Permission, Role } from '#lib/api/shapes.ts';

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

  /** A staff role that can't act until its second factor is set up, or passed. */
  get needsSecondFactor(): boolean {
    const { is_required, is_passed } = this.me.second_factor;
    return is_required && !is_passed;
  }
}

export const [getSignedIn, setSignedIn] = createContext<SignedIn>();
