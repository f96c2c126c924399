// Pictures a type can have, by the names the packs use.
import {
  IconBox,
  IconBriefcase,
  IconBuilding,
  IconCar,
  IconCheckbox,
  IconHome,
  IconInbox,
  IconList,
  IconPackage,
  IconPackages,
  IconPhone,
  IconTable,
  IconTool,
  IconTruck,
  IconUser,
  IconWallet,
  type TablerIcon,
} from "@tabler/icons-react";

export const typeIcons: Record<string, TablerIcon> = {
  table: IconTable,
  user: IconUser,
  building: IconBuilding,
  briefcase: IconBriefcase,
  inbox: IconInbox,
  list: IconList,
  check: IconCheckbox,
  phone: IconPhone,
  wallet: IconWallet,
  package: IconPackage,
  boxes: IconPackages,
  box: IconBox,
  tool: IconTool,
  truck: IconTruck,
  car: IconCar,
  home: IconHome,
};

export function TypeIcon({
  name,
  className,
  size = 22,
}: {
  name: string;
  className?: string | undefined;
  size?: number;
}) {
  const Icon = typeIcons[name] ?? IconTable;
  return <Icon size={size} stroke={1.75} className={className} aria-hidden />;
}
