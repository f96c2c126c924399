// The screens one can go to: the navigation, the palette and the shortcuts read this one list.
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  IconBell,
  IconBolt,
  IconClock,
  IconCalendarEvent,
  IconCalendarTime,
  IconDatabase,
  IconHome,
  IconKey,
  IconMailForward,
  IconPlayerPlay,
  IconPuzzle,
  IconTable,
  IconUsers,
  IconVariable,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Right } from "../../api/session";

export interface Place {
  path: string;
  title: MessageDescriptor;
  icon: TablerIcon;
  /** The second key of the shortcut `G`, then this. */
  code: string;
  section: "work" | "manage";
  /** Stands in a phone's bottom bar. */
  daily?: true;
  right?: Right;
}

export const places: readonly Place[] = [
  { path: "/", title: msg`Home`, icon: IconHome, code: "KeyH", section: "work", daily: true },
  { path: "/scenarios", title: msg`Scenarios`, icon: IconBolt, code: "KeyS", section: "work", daily: true },
  { path: "/runs", title: msg`Runs`, icon: IconPlayerPlay, code: "KeyR", section: "work", daily: true },
  { path: "/records", title: msg`Records`, icon: IconTable, code: "KeyT", section: "work" },
  { path: "/inbox", title: msg`Inbox`, icon: IconBell, code: "KeyI", section: "work", daily: true },
  { path: "/events", title: msg`What happened`, icon: IconClock, code: "KeyE", section: "work" },
  { path: "/calendar", title: msg`Calendar`, icon: IconCalendarEvent, code: "KeyC", section: "work" },
  { path: "/outbox", title: msg`Outbox`, icon: IconMailForward, code: "KeyO", section: "work" },
  { path: "/plugins", title: msg`Plugins`, icon: IconPuzzle, code: "KeyP", section: "manage" },
  {
    path: "/calendars",
    title: msg`Working time`,
    icon: IconCalendarTime,
    code: "KeyW",
    section: "manage",
  },
  {
    path: "/variables",
    title: msg`Variables`,
    icon: IconVariable,
    code: "KeyV",
    section: "manage",
    right: "administer",
  },
  {
    path: "/people",
    title: msg`People`,
    icon: IconUsers,
    code: "KeyU",
    section: "manage",
    right: "administer",
  },
  {
    path: "/keys",
    title: msg`API keys`,
    icon: IconKey,
    code: "KeyK",
    section: "manage",
    right: "administer",
  },
  {
    path: "/retention",
    title: msg`History kept`,
    icon: IconDatabase,
    code: "KeyD",
    section: "manage",
    right: "administer",
  },
];

/** Whether the address belongs to the place ("/runs/1" belongs to "/runs"). */
export function isAt(place: Place, path: string): boolean {
  return place.path === "/" ? path === "/" : path === place.path || path.startsWith(`${place.path}/`);
}
