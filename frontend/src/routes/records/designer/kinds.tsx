// The kinds of fields as people know them, with an example each.
import { useLingui } from "@lingui/react/macro";
import {
  IconAlignLeft,
  IconArrowUpRight,
  IconAt,
  IconCalendar,
  IconCalendarTime,
  IconCash,
  IconCheckbox,
  IconCircleDot,
  IconHash,
  IconLetterCase,
  IconLink,
  IconListCheck,
  IconMathFunction,
  IconNumber123,
  IconPercentage,
  IconPhone,
  IconUser,
  type TablerIcon,
} from "@tabler/icons-react";

export interface KindWords {
  id: string;
  name: string;
  example: string;
  icon: TablerIcon;
}

export function useKinds(): KindWords[] {
  const { t } = useLingui();
  return [
    { id: "text", name: t`Text`, example: t`Drill, 2 kW`, icon: IconLetterCase },
    { id: "longtext", name: t`Long text`, example: t`Notes in several lines`, icon: IconAlignLeft },
    { id: "number", name: t`Number`, example: "12.5", icon: IconNumber123 },
    { id: "money", name: t`Money`, example: t`1 990.00 with a currency`, icon: IconCash },
    { id: "date", name: t`Date`, example: t`24 November`, icon: IconCalendar },
    { id: "datetime", name: t`Date and time`, example: t`24 November, 14:30`, icon: IconCalendarTime },
    { id: "boolean", name: t`Yes or no`, example: t`Paid: yes`, icon: IconCheckbox },
    { id: "choice", name: t`Choice`, example: t`New, used, broken`, icon: IconCircleDot },
    { id: "choices", name: t`Several choices`, example: t`Fragile, heavy`, icon: IconListCheck },
    {
      id: "calculated",
      name: t`Calculated list`,
      example: t`Choices that carry a number: 10 % is 0.1`,
      icon: IconPercentage,
    },
    { id: "formula", name: t`Formula`, example: t`price * quantity`, icon: IconMathFunction },
    { id: "relation", name: t`Link to a record`, example: t`The client of a deal`, icon: IconArrowUpRight },
    { id: "person", name: t`Person`, example: t`Who is responsible`, icon: IconUser },
    { id: "phone", name: t`Phone`, example: "+7 916 123-45-67", icon: IconPhone },
    { id: "email", name: t`E-mail`, example: "anna@example.com", icon: IconAt },
    { id: "link", name: t`Web address`, example: "https://example.com", icon: IconLink },
    { id: "autonumber", name: t`Running number`, example: t`1, 2, 3 by itself`, icon: IconHash },
  ];
}
