import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Markdown } from "./Markdown";
import { readInline, readMarkdown } from "./markdown";

const show = (source: string) =>
  render(
    <MantineProvider env="test">
      <Markdown source={source} under={2} />
    </MantineProvider>,
  );

test("headings, paragraphs, lists and code become what they are", () => {
  const { container } = show(
    "# SMS\n\nSends\nletters.\n\n* one\n  more\n* two\n\n1. first\n\n```py\na < b\n```\n",
  );
  expect(screen.getByRole("heading", { level: 3, name: "SMS" })).toBeInTheDocument();
  expect(container.querySelector("p")).toHaveTextContent("Sends letters.");
  expect([...container.querySelectorAll("ul li")].map((one) => one.textContent)).toEqual(["one more", "two"]);
  expect(container.querySelector("ol li")).toHaveTextContent("first");
  expect(container.querySelector("pre")).toHaveTextContent("a < b");
});

test("HTML stays the text it is", () => {
  const { container } = show("<img src=x onerror=alert(1)> <script>alert(1)</script> **<b>x</b>**");
  expect(container.querySelector("img, script, b")).toBeNull();
  expect(container).toHaveTextContent("<script>alert(1)</script>");
});

test("only pages are linked to", () => {
  show("[good](https://example.com/a) [bad](javascript:alert(1)) [worse](data:text/html,x) [near](/runs)");
  expect(screen.getAllByRole("link").map((one) => one.getAttribute("href"))).toEqual([
    "https://example.com/a",
  ]);
  expect(screen.getByRole("link")).toHaveAttribute("rel", expect.stringContaining("noopener"));
});

test("marks that are never closed stay as written", () => {
  expect(readInline("2 * 3 and `open")).toEqual([{ kind: "text", text: "2 * 3 and `open" }]);
  expect(readMarkdown("```\nnever closed")).toEqual([{ kind: "code", text: "never closed" }]);
  expect(readMarkdown("")).toEqual([]);
});

test("a hostile text is read in no time", () => {
  const started = performance.now();
  readMarkdown("[".repeat(30_000) + "*".repeat(30_000) + "`".repeat(4_000));
  expect(performance.now() - started).toBeLessThan(1_000);
});
