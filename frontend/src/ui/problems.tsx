// What the server found wrong with a form: each problem next to its field, the rest above the form.
import { Alert } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { CombinedError } from "urql";
import type { ProblemPartsFragment } from "../api/generated/graphql";
import css from "./Parts.module.css";

type Problem = Pick<ProblemPartsFragment, "code" | "message" | "fix" | "path">;

interface Answer<P> {
  data?: P | undefined;
  error?: CombinedError | undefined;
}

/** Remembers the problems of the last answer. `fields` are the names the form can show a problem at. */
export function useProblems<F extends string>(fields: readonly F[]) {
  const { t } = useLingui();
  const [problems, setProblems] = useState<readonly Problem[]>([]);

  const fieldOf = (problem: Problem) => problem.path.find((part): part is F => fields.includes(part as F));

  return {
    /** The words to stand under a field, or undefined. */
    at: (field: F): ReactNode => {
      const found = problems.find((one) => fieldOf(one) === field);
      return found && wordsOf(found);
    },
    /** Problems that belong to no field of this form. */
    rest: problems.filter((one) => fieldOf(one) === undefined),
    clear: () => setProblems([]),
    /** Takes the answer of a mutation; true when nothing was wrong. */
    took: <P,>(answer: Answer<P>, pick: (data: P) => readonly Problem[]): boolean => {
      const found = answer.data
        ? [...pick(answer.data)]
        : [problemOf(answer.error, t`The server does not answer. Nothing you typed is lost: try again.`)];
      setProblems(found);
      return found.length === 0;
    },
  };
}

function problemOf(error: CombinedError | undefined, unreachable: string): Problem {
  const message = error?.graphQLErrors[0]?.message ?? unreachable;
  return { code: "request_failed", message, fix: "", path: [] };
}

/** What happened and how to mend it, as sentences. */
export function wordsOf({ message, fix }: Pick<Problem, "message" | "fix">): string {
  if (fix === "") return message;
  return `${/[.!?…]$/.test(message) ? message : `${message}.`} ${fix}`;
}

/** Problems above a form. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} role="alert">
      {problems.map((one, at) => (
        <p key={at} className={css.problem}>
          {wordsOf(one)}
        </p>
      ))}
    </Alert>
  );
}
