// An address that leads nowhere.
import { Button } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconMapQuestion } from "@tabler/icons-react";
import { Link } from "react-router";
import { Page } from "../ui/Page";
import { Empty } from "../ui/Parts";

export function NotFoundPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Nothing here`}>
      <Empty
        icon={<IconMapQuestion />}
        title={t`This address leads nowhere`}
        action={
          <Button component={Link} to="/">
            <Trans>Go home</Trans>
          </Button>
        }
      >
        <Trans>What you look for may have been deleted, or the link is incomplete.</Trans>
      </Empty>
    </Page>
  );
}
