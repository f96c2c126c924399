// Potok's own look over Mantine: warm paper, dark ink, one petrol accent; colours live in tokens.css.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const petrol: MantineColorsTuple = [
  "#eef6f6",
  "#dcebec",
  "#b7d6d9",
  "#8fc0c5",
  "#68aab1",
  "#43929b",
  "#267c86",
  "#17656f",
  "#12535b",
  "#0c3f46",
];

// Warm greys: Mantine draws borders, hovers and dimmed words from this scale in light mode...
const gray: MantineColorsTuple = [
  "#faf9f7",
  "#f4f2ef",
  "#ebe8e3",
  "#dfdbd4",
  "#cbc6bd",
  "#a9a399",
  "#6f6a62",
  "#565149",
  "#38352f",
  "#23211d",
];

// ...and from this one in dark mode (0 = words, 7 = page).
const dark: MantineColorsTuple = [
  "#e9e6e1",
  "#cfcbc4",
  "#a8a39a",
  "#8a857c",
  "#4a4742",
  "#393733",
  "#262523",
  "#1c1b19",
  "#171614",
  "#100f0e",
];

// Signal colours in the same calm key; shade 1 carries words of shade 9 on notes, shades 6 and 7 fill.
const red: MantineColorsTuple = [
  "#fdf4f2",
  "#fbe9e5",
  "#f4cfc7",
  "#eba798",
  "#f0907d",
  "#d2614a",
  "#bc4530",
  "#a8321f",
  "#962b1a",
  "#852414",
];
const green: MantineColorsTuple = [
  "#f3f8f2",
  "#e5f0e4",
  "#c9e0c7",
  "#a6cca5",
  "#8fca94",
  "#5f9f67",
  "#3d7f47",
  "#2f6b38",
  "#285c30",
  "#204c27",
];
const yellow: MantineColorsTuple = [
  "#fdf8ec",
  "#faeed3",
  "#f3dba6",
  "#eac677",
  "#e0b35c",
  "#c8922a",
  "#a67413",
  "#7d5300",
  "#6d4800",
  "#5d3d00",
];

export const theme = createTheme({
  colors: { petrol, gray, dark, red, green, yellow },
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  black: "#23211d",
  fontFamily: "'Golos Text Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.25" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "20px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Badge: { defaultProps: { tt: "none", fw: 500, variant: "light" } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: "lg",
        padding: "lg",
        overlayProps: { backgroundOpacity: 0.35 },
      },
      styles: {
        content: { background: "var(--p-surface)" },
        header: { background: "var(--p-surface)" },
        title: { fontSize: "1.0625rem", fontWeight: 600 },
      },
    },
    Drawer: {
      defaultProps: { overlayProps: { backgroundOpacity: 0.35 } },
      styles: { content: { background: "var(--p-surface)" } },
    },
    InputWrapper: { styles: { label: { marginBottom: 4 } } },
    Button: { defaultProps: { fw: 500 } },
    Menu: { defaultProps: { radius: "md", shadow: "md" } },
  },
});

const shared = {
  "--mantine-color-body": "var(--p-page)",
  "--mantine-color-text": "var(--p-ink)",
  "--mantine-color-dimmed": "var(--p-ink-soft)",
  "--mantine-color-placeholder": "var(--p-ink-soft)",
  "--mantine-color-default": "var(--p-surface)",
  "--mantine-color-default-hover": "var(--p-hover)",
  "--mantine-color-default-border": "var(--p-line-strong)",
  "--mantine-color-error": "var(--p-bad)",
  "--mantine-color-anchor": "var(--p-accent)",
};

/** Ties Mantine's own variables to the tokens, so both schemes are described in one place (tokens.css). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});
