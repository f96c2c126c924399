// The empty workspace: what a scenario is, in one picture, and the button that starts the work.
import { Button } from "@mantine/core";
import { Trans } from "@lingui/react/macro";
import { IconBolt, IconGitBranch, IconMailForward, IconPlus, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useMay } from "../../api/session";
import { useCreateScenario } from "../scenarios/useCreateScenario";
import css from "./FirstScenario.module.css";

export function FirstScenario() {
  const builds = useMay("build");
  const create = useCreateScenario();
  return (
    <section className={css.card}>
      <div className={css.picture}>
        <Block kind="when" icon={IconBolt} word={<Trans>When</Trans>}>
          <Trans>a request comes from the website</Trans>
        </Block>
        <Wire />
        <Block kind="if" icon={IconGitBranch} word={<Trans>If</Trans>}>
          <Trans>the sum is above 1,000</Trans>
        </Block>
        <Wire />
        <Block kind="then" icon={IconMailForward} word={<Trans>Then</Trans>}>
          <Trans>e-mail the manager</Trans>
        </Block>
      </div>
      <h2 className={css.title}>
        <Trans>Let the routine take care of itself</Trans>
      </h2>
      <p className={css.text}>
        {builds ? (
          <Trans>
            A scenario is a drawing: when something happens, Potok checks it and acts. Drag the blocks,
            connect them, publish. No code.
          </Trans>
        ) : (
          <Trans>
            No scenarios here yet. As soon as a builder publishes one, its runs appear on this page.
          </Trans>
        )}
      </p>
      {builds && (
        <div className={css.actions}>
          <Button size="md" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => void create()}>
            <Trans>Build a scenario</Trans>
          </Button>
          <Button size="md" variant="subtle" component={Link} to="/scenarios?import">
            <Trans>Import from text</Trans>
          </Button>
        </div>
      )}
    </section>
  );
}

interface BlockProps {
  kind: string;
  icon: TablerIcon;
  word: ReactNode;
  children: ReactNode;
}

function Block({ kind, icon: Icon, word, children }: BlockProps) {
  return (
    <div className={css.block} data-kind={kind}>
      <span className={css.icon}>
        <Icon size={18} aria-hidden />
      </span>
      <span>
        <b>{word}</b>
        {children}
      </span>
    </div>
  );
}

function Wire() {
  return <span className={css.wire} aria-hidden />;
}
