// A line at the top while the server cannot be reached.
import { Trans } from "@lingui/react/macro";
import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { SessionDocument } from "../api/generated/graphql";
import { useLink } from "../api/link";
import css from "./LinkBanner.module.css";

const askEvery = 3_000;
/** Shorter breaks are nobody's business. */
const patience = 1_000;

export function LinkBanner() {
  const client = useClient();
  const up = useLink((state) => state.up);
  const lost = useLink((state) => state.lost);
  const [visible, setVisible] = useState(false);

  useEffect(() => {
    window.addEventListener("offline", lost);
    return () => window.removeEventListener("offline", lost);
  }, [lost]);

  useEffect(() => {
    if (up) return;
    const show = setTimeout(() => setVisible(true), patience);
    const ask = setInterval(() => {
      void client.query(SessionDocument, {}, { requestPolicy: "network-only" }).toPromise();
    }, askEvery);
    return () => {
      clearTimeout(show);
      clearInterval(ask);
      setVisible(false);
    };
  }, [up, client]);

  return (
    <div role="status">
      {visible && (
        <p className={css.banner}>
          <IconCloudOff size={16} aria-hidden />
          <Trans>No connection to the server. Trying again; what you type stays here.</Trans>
        </p>
      )}
    </div>
  );
}
