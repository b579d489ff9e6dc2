/** The words of the domain for what the API takes and returns. */

import type { TellActivities } from './generated/types.gen';

export type {
  ActivityItem,
  Author,
  Blocks,
  BreakLength,
  ChangeMe,
  Found as FoundPage,
  FoundPost,
  Intent,
  KeptAway,
  Me,
  Member,
  MySanction,
  Notification,
  NotificationLine,
  Part as ActivityKind,
  Permission,
  Post,
  ReactionKind,
  Register,
  ReportReason,
  Role,
  SessionRead,
  SignIn,
  Wall as WallPage,
  Welcome,
  Thread as ThreadPage
} from './generated/types.gen';

/** An act that only the browser knows. */
export type BrowserAct = TellActivities['items'][number];

export type Page<Item> = { items: Item[]; next_cursor: string | null };
