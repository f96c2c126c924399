// "Build a scenario" from anywhere: makes an empty draft and opens it.
import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { useClient } from "urql";
import { CreateScenarioDocument } from "../../api/generated/graphql";
import { sayFailed } from "../../ui/toast";

export function useCreateScenario(): () => Promise<void> {
  const { t } = useLingui();
  const client = useClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    const { data, error } = await client.mutation(CreateScenarioDocument, { title: "" }).toPromise();
    const id = data?.createScenario.scenario?.id;
    if (id !== undefined) return navigate(`/scenarios/${id}`);
    const words = data?.createScenario.problems[0]?.message ?? error?.graphQLErrors[0]?.message;
    sayFailed(words ?? t`The scenario could not be created: the server does not answer.`);
  }, [client, navigate, t]);
}
