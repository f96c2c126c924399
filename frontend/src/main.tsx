// Starts the browser app: language first, then the screens.
import "@fontsource-variable/golos-text";
import "./ui/mantine.css";
import "./ui/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./routes/App";
import { firstLocale, speak } from "./ui/i18n";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

await speak(firstLocale());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
