// One record: its stage, its fields, what points to it, and what happened to it.
import { ActionIcon, Alert, Anchor, Button, Tooltip } from "@mantine/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { IconTrash } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useQuery } from "urql";
import { RecordCardDocument } from "../../../api/generated/records";
import { useMay } from "../../../api/session";
import { Page } from "../../../ui/Page";
import { Failed, Panel, Waiting } from "../../../ui/Parts";
import { NotFoundPage } from "../../NotFoundPage";
import { useTelling } from "../fields/useTelling";
import { pipelineOf, type Row, type TypeShape, valuesOf } from "../model";
import { useCells } from "../table/useCells";
import { useTrash } from "../useTrash";
import { useTypes } from "../useTypes";
import css from "./card.module.css";
import { FieldRow } from "./FieldRow";
import { Related } from "./Related";
import { StageBar } from "./StageBar";
import { Timeline } from "./Timeline";

export function CardPage({ typeKey, id }: { typeKey: string; id: string }) {
  const { t } = useLingui();
  const { types, known, error: noTypes, refresh } = useTypes();
  const [{ data, error }, ask] = useQuery({ query: RecordCardDocument, variables: { type: typeKey, id } });
  const type = types.find((one) => one.key === typeKey);
  const failed = error ?? noTypes;
  const again = () => {
    refresh();
    ask({ requestPolicy: "network-only" });
  };
  if (type && data?.record)
    return (
      <Card
        type={type}
        types={types}
        record={data.record}
        refresh={() => ask({ requestPolicy: "network-only" })}
      />
    );
  if (known && data && (!type || !data.record)) return <NotFoundPage />;
  return (
    <Page title={t`Record`} wide>
      {failed ? <Failed error={failed} again={again} /> : <Waiting what={t`Loading the record…`} lines={8} />}
    </Page>
  );
}

interface CardProps {
  type: TypeShape;
  types: readonly TypeShape[];
  record: Row;
  refresh: () => void;
}

function Card({ type, types, record, refresh }: CardProps) {
  const { t } = useLingui();
  const works = useMay("work");
  const navigate = useNavigate();
  // The answer of a change is newer than what was asked before.
  const [changed, setChanged] = useState(record);
  const row = changed.version > record.version ? changed : record;
  const rows = useMemo(() => [row], [row]);
  const telling = useTelling(rows);
  const cells = useCells(useMemo(() => ({ put: setChanged }), []));
  const trash = useTrash(type.key, refresh);
  const inTrash = row.deletedAt !== null;
  const pipeline = pipelineOf(type, valuesOf(row));
  const editable = works && !inTrash;
  const remove = async () => {
    if (await trash.away([row.id])) void navigate(`/records/${type.key}`);
  };
  return (
    <Page
      title={row.title || type.name}
      wide
      about={
        <Anchor component={Link} to={`/records/${type.key}`} size="sm">
          {type.plural}
        </Anchor>
      }
      actions={
        editable && (
          <Tooltip label={t`Move to the trash`}>
            <ActionIcon
              size={36}
              variant="default"
              aria-label={t`Move to the trash`}
              onClick={() => void remove()}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )
      }
    >
      {inTrash && (
        <Alert color="yellow" mb="md" title={t`This record lies in the trash`}>
          {works && (
            <Button size="xs" variant="default" onClick={() => void trash.back([row.id])}>
              <Trans>Put back</Trans>
            </Button>
          )}
        </Alert>
      )}
      {pipeline && (
        <StageBar type={type} pipeline={pipeline} row={row} editable={editable} moved={setChanged} />
      )}
      <div className={css.columns}>
        <div className={css.main}>
          <Panel title={t`Fields`}>
            <dl className={css.fields}>
              {type.fields.map((field) => (
                <FieldRow
                  key={field.key}
                  field={field}
                  row={row}
                  telling={telling}
                  cells={cells}
                  editable={editable && !field.computed}
                />
              ))}
            </dl>
          </Panel>
          <Related type={type} types={types} row={row} editable={editable} />
        </div>
        <Timeline type={type} types={types} row={row} />
      </div>
    </Page>
  );
}
