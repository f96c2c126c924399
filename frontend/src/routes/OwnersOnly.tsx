// A screen that only owners have: said in words, not by an empty page.
import { Trans, useLingui } from "@lingui/react/macro";
import { IconLock } from "@tabler/icons-react";
import { Page } from "../ui/Page";
import { Empty } from "../ui/Parts";

export function OwnersOnly({ title }: { title: string }) {
  const { t } = useLingui();
  return (
    <Page title={title}>
      <Empty icon={<IconLock />} title={t`This page is for owners`}>
        <Trans>Ask an owner of the workspace to change your role or to do it for you.</Trans>
      </Empty>
    </Page>
  );
}
