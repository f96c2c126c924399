// For tests: an urql client that answers from typed data, without any network.
import { cacheExchange, Client, type Exchange, makeErrorResult, makeResult, type Operation } from "urql";
import { CombinedError } from "urql";
import { filter, fromPromise, merge, mergeMap, never, pipe, takeUntil } from "wonka";

type Variables = Record<string, unknown>;
/** What an operation of that name answers: data, or an error to throw. */
export type Answers = Record<string, (variables: Variables) => Record<string, unknown>>;

export interface FakeServer {
  /** A client with an empty cache, as after signing in. */
  connect: () => Client;
  /** Every operation that was sent: name and variables. */
  sent: { name: string; variables: Variables }[];
}

/** The name of the operation: `query Home` is "Home". */
function nameOf(operation: Operation): string {
  const [definition] = operation.query.definitions;
  return (definition as { name?: { value: string } } | undefined)?.name?.value ?? "";
}

export function fakeServer(answers: Answers): FakeServer {
  const sent: FakeServer["sent"] = [];

  const answering: Exchange = () => (operations) => {
    const asked = pipe(
      operations,
      filter((operation) => operation.kind === "query" || operation.kind === "mutation"),
      mergeMap((operation) => {
        const torn = pipe(
          operations,
          filter((one) => one.kind === "teardown" && one.key === operation.key),
        );
        return pipe(fromPromise(answer(operation)), takeUntil(torn));
      }),
    );
    return merge([asked, never]);
  };

  const answer = async (operation: Operation) => {
    const name = nameOf(operation);
    const variables = operation.variables as Variables;
    sent.push({ name, variables });
    await Promise.resolve();
    const found = answers[name];
    if (!found) return makeErrorResult(operation, new Error(`the test has no answer for ${name}`));
    try {
      return makeResult(operation, { data: found(variables), hasNext: false });
    } catch (error) {
      const reason = error instanceof CombinedError ? error : (error as Error);
      return makeErrorResult(operation, reason);
    }
  };

  const connect = () =>
    new Client({
      url: "/graphql",
      preferGetMethod: false,
      requestPolicy: "cache-and-network",
      exchanges: [cacheExchange, answering],
    });
  return { connect, sent };
}
