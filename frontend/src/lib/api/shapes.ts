/** The words of the domain for what the API takes and returns. */

export type {
  ActivityItem,
  ChangeMe,
  Intent,
  Me,
  Member,
  Notification,
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
  Thread as ThreadPage
} from './generated/types.gen';

export type Page<Item> = { items: Item[]; next_cursor: string | null };
