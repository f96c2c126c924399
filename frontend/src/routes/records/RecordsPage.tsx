// All types of records the office keeps, or the choice to begin with.
import { Button } from "@mantine/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconPlus, IconTable } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { useMutation, useQuery } from "urql";
import { InstallPackDocument, ObjectTypesDocument } from "../../api/generated/records";
import { useMay } from "../../api/session";
import { Page } from "../../ui/Page";
import { Failed, Panel, Waiting } from "../../ui/Parts";
import { sayDone, sayFailed } from "../../ui/toast";
import { TypeIcon } from "./icons";
import css from "./RecordsPage.module.css";

const NewType = lazy(async () => ({ default: (await import("./designer/NewType")).NewType }));

export function RecordsPage() {
  const { t } = useLingui();
  const builds = useMay("build");
  const [{ data, error }, ask] = useQuery({ query: ObjectTypesDocument });
  const [making, setMaking] = useState(false);
  const refresh = () => ask({ requestPolicy: "network-only" });
  const types = data?.objectTypes;
  const make = () => setMaking(true);
  return (
    <Page
      title={t`Records`}
      about={t`The office’s own data: clients, deals, payments and whatever else you keep. Scenarios read and write it.`}
      actions={
        builds &&
        types &&
        types.length > 0 && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={make}>
            <Trans>New type</Trans>
          </Button>
        )
      }
    >
      {error && !data && <Failed error={error} again={refresh} />}
      {!data && !error && <Waiting what={t`Loading types…`} />}
      {types?.length === 0 && <Begin make={make} done={refresh} />}
      {types && types.length > 0 && (
        <ul className={css.cards} aria-label={t`Types of records`}>
          {types.map((one) => (
            <li key={one.key} className={css.card}>
              <TypeIcon name={one.icon} className={css.icon} />
              <Link className={css.name} to={`/records/${one.key}`}>
                {one.plural}
              </Link>
              <span className={css.count}>
                <Plural value={one.count} one="# record" other="# records" />
              </span>
            </li>
          ))}
        </ul>
      )}
      {making && (
        <Suspense fallback={null}>
          <NewType close={() => setMaking(false)} />
        </Suspense>
      )}
    </Page>
  );
}

function Begin({ make, done }: { make: () => void; done: () => void }) {
  const { t } = useLingui();
  const builds = useMay("build");
  const [{ fetching }, install] = useMutation(InstallPackDocument);
  const begin = async () => {
    const { data, error } = await install({ name: "crm" });
    const problem = data?.installPack.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
    if (data && problem === undefined) sayDone(t`The CRM set is there. Change it as you like.`);
    else sayFailed(problem ?? t`The server does not answer. Try again.`);
    done();
  };
  return (
    <Panel>
      <div className={css.begin}>
        <span className={css.beginIcon} aria-hidden>
          <IconTable />
        </span>
        <h2>
          <Trans>What does your office keep?</Trans>
        </h2>
        {builds ? (
          <p>
            <Trans>
              Begin with a ready set: companies, contacts, requests, deals with their items, tasks, calls,
              payments and stock. Every field can be changed.
            </Trans>
          </p>
        ) : (
          <p>
            <Trans>Nothing is kept here yet. Somebody who may build scenarios can set it up.</Trans>
          </p>
        )}
        {builds && (
          <div className={css.choices}>
            <Button size="md" loading={fetching} onClick={() => void begin()}>
              <Trans>Install the CRM set</Trans>
            </Button>
            <Button size="md" variant="default" onClick={make}>
              <Trans>Make your own type</Trans>
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
