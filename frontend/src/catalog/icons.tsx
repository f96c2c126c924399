// Icons of node types by the names plugins use; an unknown name falls back to the kind's own sign.
import {
  IconArrowRightCircle,
  IconArrowsJoin,
  IconArrowsSplit2,
  IconBell,
  IconBolt,
  IconBox,
  IconBraces,
  IconBrandTelegram,
  IconCalendar,
  IconCalendarEvent,
  IconCheck,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconClockPause,
  IconClockPlay,
  IconCode,
  IconDatabase,
  IconFile,
  IconFileText,
  IconFilter,
  IconFlag,
  IconForms,
  IconGitBranch,
  IconGitFork,
  IconGitMerge,
  IconHandClick,
  IconHourglass,
  IconLetterCase,
  IconLink,
  IconListCheck,
  IconMail,
  IconMailForward,
  IconMessage,
  IconPencil,
  IconPhone,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlugConnected,
  IconRepeat,
  IconRoute,
  IconSend,
  IconStar,
  IconTable,
  IconTextCaption,
  IconTools,
  IconUser,
  IconUsers,
  IconVariable,
  IconWebhook,
  IconWorld,
  IconX,
  IconCalendarClock,
  IconListDetails,
  IconTextSize,
  IconFlagCheck,
  IconFlagX,
  type Icon,
} from "@tabler/icons-react";
import type { NodeKind, NodeType } from "../graph/types";
import "./catalog.css";

const NAMED: Record<string, Icon> = {
  alarm: IconClock,
  bell: IconBell,
  bolt: IconBolt,
  box: IconBox,
  braces: IconBraces,
  calendar: IconCalendar,
  "calendar-event": IconCalendarEvent,
  check: IconCheck,
  "circle-check": IconCircleCheck,
  "circle-x": IconCircleX,
  clock: IconClock,
  "clock-pause": IconClockPause,
  "clock-play": IconClockPlay,
  code: IconCode,
  database: IconDatabase,
  edit: IconPencil,
  file: IconFile,
  "file-text": IconFileText,
  filter: IconFilter,
  flag: IconFlag,
  form: IconForms,
  forms: IconForms,
  "git-branch": IconGitBranch,
  "git-fork": IconGitFork,
  "git-merge": IconGitMerge,
  globe: IconWorld,
  hand: IconHandClick,
  "hand-click": IconHandClick,
  hourglass: IconHourglass,
  "letter-case": IconLetterCase,
  link: IconLink,
  "list-check": IconListCheck,
  mail: IconMail,
  "mail-forward": IconMailForward,
  message: IconMessage,
  pencil: IconPencil,
  phone: IconPhone,
  play: IconPlayerPlay,
  "player-play": IconPlayerPlay,
  plug: IconPlugConnected,
  repeat: IconRepeat,
  route: IconRoute,
  send: IconSend,
  split: IconGitBranch,
  star: IconStar,
  stop: IconPlayerStop,
  "player-stop": IconPlayerStop,
  switch: IconArrowsSplit2,
  "arrow-right-circle": IconArrowRightCircle,
  "arrows-join": IconArrowsJoin,
  "arrows-split-2": IconArrowsSplit2,
  table: IconTable,
  telegram: IconBrandTelegram,
  text: IconTextCaption,
  "text-caption": IconTextCaption,
  tools: IconTools,
  user: IconUser,
  users: IconUsers,
  variable: IconVariable,
  webhook: IconWebhook,
  world: IconWorld,
  "calendar-clock": IconCalendarClock,
  "list-details": IconListDetails,
  "text-size": IconTextSize,
  "flag-check": IconFlagCheck,
  "flag-x": IconFlagX,
  x: IconX,
};

const BY_KIND: Record<NodeKind, Icon> = { TRIGGER: IconBolt, CONDITION: IconGitBranch, ACTION: IconBox };

interface TypeIconProps {
  type: NodeType | undefined;
  size?: number;
}

/** A rounded tile in the colour of the kind, with the type's sign; words beside it say the same. */
export function TypeIcon({ type, size = 36 }: TypeIconProps) {
  const kind = type?.kind ?? "ACTION";
  const Sign = NAMED[type?.icon ?? ""] ?? BY_KIND[kind];
  return (
    <span
      className="type-icon"
      data-kind={kind.toLowerCase()}
      style={{ width: size, height: size, borderRadius: size / 3.6 }}
      aria-hidden
    >
      <Sign size={size * 0.56} stroke={1.75} />
    </span>
  );
}
