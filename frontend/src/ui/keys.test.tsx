import { fireEvent, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listenForKeys, type Shortcut, useShortcuts } from "./keys";

const title = { id: "test" };
const label = { id: "label" };
let stop: () => void;

beforeEach(() => {
  stop = listenForKeys();
});
afterEach(() => stop());

function Screen({ shortcuts }: { shortcuts: Shortcut[] }) {
  useShortcuts(title, shortcuts);
  return <input aria-label="field" />;
}

test("a shortcut goes by the place of the key, so it works on a Russian layout", () => {
  const run = vi.fn();
  render(<Screen shortcuts={[{ codes: ["KeyN"], label, run }]} />);
  fireEvent.keyDown(document.body, { code: "KeyN", key: "т" });
  expect(run).toHaveBeenCalledOnce();
});

test("letters typed into a field are not shortcuts, but Ctrl+K still is", () => {
  const [letter, palette] = [vi.fn(), vi.fn()];
  const { getByLabelText } = render(
    <Screen
      shortcuts={[
        { codes: ["KeyN"], label, run: letter },
        { codes: ["KeyK"], mod: true, label, run: palette, whileTyping: true },
      ]}
    />,
  );
  fireEvent.keyDown(getByLabelText("field"), { code: "KeyN" });
  fireEvent.keyDown(getByLabelText("field"), { code: "KeyK", ctrlKey: true });
  expect(letter).not.toHaveBeenCalled();
  expect(palette).toHaveBeenCalledOnce();
});

test("G then S goes somewhere; S alone does not", () => {
  const run = vi.fn();
  render(<Screen shortcuts={[{ codes: ["KeyG", "KeyS"], label, run }]} />);
  fireEvent.keyDown(document.body, { code: "KeyS" });
  expect(run).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { code: "KeyG" });
  fireEvent.keyDown(document.body, { code: "KeyS" });
  expect(run).toHaveBeenCalledOnce();
});

test("the question mark is found wherever the layout puts it", () => {
  const run = vi.fn();
  render(<Screen shortcuts={[{ codes: ["Slash"], shift: true, char: "?", label, run }]} />);
  fireEvent.keyDown(document.body, { code: "Digit7", key: "?", shiftKey: true });
  expect(run).toHaveBeenCalledOnce();
});

test("a screen that closed takes its shortcuts along", () => {
  const run = vi.fn();
  render(<Screen shortcuts={[{ codes: ["KeyN"], label, run }]} />).unmount();
  fireEvent.keyDown(document.body, { code: "KeyN" });
  expect(run).not.toHaveBeenCalled();
});
