import { FeedbackClient, Store } from "aspire-feedback";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { PageContext } from "./client.js";
import "./styles/index.css";

const client = new FeedbackClient();
const page = new AbortController();
// Before the first render: what an earlier page left unsent goes out at once.
client.run(page.signal).catch(reportError);

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element to render into.");
createRoot(root).render(
  <StrictMode>
    <PageContext value={{ client, trouble: new Store<string | undefined>(undefined) }}>
      <App />
    </PageContext>
  </StrictMode>,
);
