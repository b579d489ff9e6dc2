/**
 * What the live socket says. One entry an event: its facts, beside type, position and topics.
 * Made by `alongside frames` from the event classes; change those, not this.
 */
export type EventMap = {
  'post.published': {
    post_id: string;
    thread_id: string;
    parent_id: string | null;
    intent:
      | 'looking_for_support'
      | 'saying_hello'
      | 'seeking_suggestions'
      | 'sharing_a_little_win'
      | null;
  };
  'post.edited': { post_id: string; thread_id: string };
  'post.withdrawn': { post_id: string; thread_id: string };
  'post.hidden': { post_id: string; thread_id: string };
  'post.folded': { post_id: string; thread_id: string };
  'post.covered': { post_id: string; thread_id: string };
  'post.restored': { post_id: string; thread_id: string };
  'reaction.given': { post_id: string; thread_id: string };
  'reaction.taken_back': { post_id: string; thread_id: string };
  'notification.made': {
    kind:
      'reply' | 'reaction' | 'decision' | 'report_answer' | 'reach_out' | 'hand_over' | 'sanction';
  };
  'notification.unmade': Record<never, never>;
  'break.taken': Record<never, never>;
  'break.ended': Record<never, never>;
  'session.ended': Record<never, never>;
  'case.opened': { case_id: string };
  'case.joined': { case_id: string };
  'case.claimed': { case_id: string };
  'case.released': { case_id: string };
  'case.decided': { case_id: string };
  'case.sanction_settled': { case_id: string };
  'case.reached_out': { case_id: string };
  'case.handed_over': { case_id: string };
};

export type ControlFrame =
  | { type: 'welcome'; position: string }
  | { type: 'subscribed'; ref: number; topics: string[]; position: string }
  | { type: 'refused'; ref: number; topic: string; detail: string }
  | { type: 'refetch'; topics: string[]; position: string }
  | { type: 'pong' };

export type Request =
  | { do: 'subscribe'; topics: string[]; since: string | null; ref: number }
  | { do: 'unsubscribe'; topics: string[] }
  | { do: 'ping' };

export type EventType = keyof EventMap;
export type EventFrame<Type extends EventType = EventType> = {
  [Name in Type]: { type: Name; position: string; topics: string[] } & EventMap[Name];
}[Type];

export type Frame = ControlFrame | EventFrame;

export type Topic = 'wall' | 'me' | 'cases' | `thread:${string}`;
