// What is needed to say values in words: the language, colleagues, titles of records that are pointed to.
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { useQuery } from "urql";
import { RecordPeopleDocument } from "../../../api/generated/records";
import type { Row } from "../model";
import type { Telling } from "./format";

const nobody: readonly { id: string; name: string }[] = [];

export function usePeople(): readonly { id: string; name: string }[] {
  const [{ data }] = useQuery({ query: RecordPeopleDocument, requestPolicy: "cache-first" });
  return data?.recordPeople ?? nobody;
}

const none: readonly Row[] = [];

export function useTelling(rows: readonly Row[] = none): Telling {
  const { t, i18n } = useLingui();
  const people = usePeople();
  const yes = t`Yes`;
  const no = t`No`;
  return useMemo(
    () => ({
      locale: i18n.locale,
      yes,
      no,
      people: new Map(people.map((one) => [one.id, one.name])),
      titles: new Map(rows.flatMap((row) => row.refs.map((ref) => [ref.id, ref.title] as const))),
    }),
    [i18n.locale, yes, no, people, rows],
  );
}
