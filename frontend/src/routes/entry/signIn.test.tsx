import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { currentAddress, frameAnswers, openApp, viewer } from "../../testing/render";
import { placeAfter } from "./SignInPage";

const problem = (path: string[], message: string) => ({
  __typename: "Problem",
  code: "x",
  message,
  fix: "Try again.",
  severity: "ERROR",
  nodeId: null,
  path,
});

test("who is not signed in is sent to the sign-in, and back to the place afterwards", async () => {
  let signedIn = false;
  const { user } = await openApp("/runs?status=failed", {
    ...frameAnswers(),
    Session: () => ({
      install: { __typename: "Install", needsSetup: false, version: "1" },
      viewer: signedIn ? viewer() : null,
    }),
    SignIn: () => {
      signedIn = true;
      return { signIn: { __typename: "ViewerPayload", viewer: viewer(), problems: [] } };
    },
    RunList: () => ({
      runs: { __typename: "RunConnection", nodes: [], pageInfo: { endCursor: null, hasNextPage: false } },
    }),
    ScenarioNames: () => ({ scenarios: { __typename: "ScenarioConnection", nodes: [] } }),
  });
  await screen.findByRole("heading", { name: "Sign in" });
  expect(currentAddress()).toBe("/sign-in?next=%2Fruns%3Fstatus%3Dfailed");
  await user.type(screen.getByLabelText("E-mail"), "anna@example.com");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("heading", { name: "Runs" });
  expect(currentAddress()).toBe("/runs?status=failed");
});

test("a refused password is told, and the e-mail stays typed", async () => {
  const { user } = await openApp("/sign-in", {
    ...frameAnswers(null),
    SignIn: () => ({
      signIn: {
        __typename: "ViewerPayload",
        viewer: null,
        problems: [problem([], "Wrong e-mail or password.")],
      },
    }),
  });
  await user.type(await screen.findByLabelText("E-mail"), "anna@example.com");
  await user.type(screen.getByLabelText("Password"), "guess");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Wrong e-mail or password. Try again.");
  expect(screen.getByLabelText("E-mail")).toHaveValue("anna@example.com");
});

test("a problem with a field stands at the field", async () => {
  const { user, server } = await openApp("/setup?token=abc", {
    ...frameAnswers(null),
    Session: () => ({ install: { __typename: "Install", needsSetup: true, version: "1" }, viewer: null }),
    Setup: () => ({
      setup: { __typename: "ViewerPayload", viewer: null, problems: [problem(["password"], "Too short.")] },
    }),
  });
  await user.type(await screen.findByLabelText("Your name"), "Anna");
  await user.click(screen.getByRole("button", { name: "Begin" }));
  expect(await screen.findByText("Too short. Try again.")).toBeInTheDocument();
  expect(screen.getByLabelText("Password")).toBeInvalid();
  expect(screen.getByLabelText("Your name")).toHaveValue("Anna");
  expect(server.sent.find((one) => one.name === "Setup")?.variables.input).toMatchObject({
    token: "abc",
    name: "Anna",
    locale: "en",
  });
});

test("without a token the setup page says where to find the link", async () => {
  await openApp("/setup", {
    ...frameAnswers(null),
    Session: () => ({ install: { __typename: "Install", needsSetup: true, version: "1" }, viewer: null }),
  });
  expect(await screen.findByRole("heading", { name: "A setup link is needed" })).toBeInTheDocument();
});

test("a link cannot send people to another site after signing in", () => {
  expect(placeAfter("/runs?x=1")).toBe("/runs?x=1");
  for (const bad of ["//evil.example", "https://evil.example", "/\\evil.example", "", null]) {
    expect(placeAfter(bad)).toBe("/");
  }
});
