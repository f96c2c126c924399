// Shows a README written by somebody else: as text with a few shapes, never as HTML.
import { Anchor } from "@mantine/core";
import { createElement, useMemo } from "react";
import css from "./Markdown.module.css";
import { type Block, type Inline, readMarkdown } from "./markdown";

interface MarkdownProps {
  source: string;
  /** The level of the page's heading above it; the text's own headings come below that. */
  under: number;
}

export function Markdown({ source, under }: MarkdownProps) {
  const blocks = useMemo(() => readMarkdown(source), [source]);
  return (
    <div className={css.markdown}>
      {blocks.map((block, at) => (
        <Shape key={at} block={block} under={under} />
      ))}
    </div>
  );
}

function Shape({ block, under }: { block: Block; under: number }) {
  if (block.kind === "code") return <pre>{block.text}</pre>;
  if (block.kind === "paragraph") {
    return (
      <p>
        <Words content={block.content} />
      </p>
    );
  }
  if (block.kind === "heading") {
    return createElement(`h${Math.min(under + block.level, 6)}`, null, <Words content={block.content} />);
  }
  const items = block.items.map((content, at) => (
    <li key={at}>
      <Words content={content} />
    </li>
  ));
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function Words({ content }: { content: Inline[] }) {
  return content.map((one, at) => {
    if (one.kind === "link") {
      return (
        <Anchor
          key={at}
          href={one.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          underline="always"
        >
          {one.text}
        </Anchor>
      );
    }
    if (one.kind === "code") return <code key={at}>{one.text}</code>;
    if (one.kind === "strong") return <strong key={at}>{one.text}</strong>;
    if (one.kind === "emphasis") return <em key={at}>{one.text}</em>;
    return one.text;
  });
}
