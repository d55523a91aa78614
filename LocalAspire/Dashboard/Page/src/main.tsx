import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { Live } from "./api/live.js";
import { LiveContext } from "./api/useLive.js";
import { followLinks } from "./routing/useRoute.js";
import { Boundary } from "./shell/Boundary.js";
import { applyTheme } from "./shell/theme.js";
import "./styles/index.css";

applyTheme();
const live = new Live();
live.start();
followLinks();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element to render into.");
createRoot(root).render(
  <StrictMode>
    <LiveContext value={live}>
      <Boundary>
        <App />
      </Boundary>
    </LiveContext>
  </StrictMode>,
);
